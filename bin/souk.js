#!/usr/bin/env node
// Runs the program in dist/ on Node 22.12 or newer; in a checkout of the sources, builds it first when they are newer.
// Plain JavaScript for any Node: this file is what finds out that another one is needed.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = module.createRequire(import.meta.url);
const [major, minor] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 12)) {
  await main();
} else {
  rerun(bundledNode());
}

async function main() {
  const entry = join(root, 'dist', 'main.js');
  if (isStale(entry)) {
    const { build } = await import('../scripts/build.js');
    await build(() => isStale(entry));
  }
  // Node keeps what it has read from there, 4 KB and more for each of 3,300 modules: too much for what runs for long.
  if (process.argv[2] !== 'start') module.enableCompileCache(join(root, 'node_modules', '.cache', 'souk-compile'));
  await import(entry);
}

/** The Node that npm has installed beside us, for who runs this file with an older one. */
function bundledNode() {
  const platform = { linux: 'linux', win32: 'win' }[process.platform];
  try {
    const manifest = require.resolve(`node-${platform}-${process.arch}/package.json`);
    return join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  } catch {
    return null;
  }
}

function rerun(node) {
  if (node === null) {
    console.error(
      `Souk needs Node.js 22.12 or newer; this is ${process.versions.node}. Install it from https://nodejs.org.`,
    );
    process.exit(1);
  }
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}

/** Whether the build is missing, or older than a source file. A package without sources is never stale. */
function isStale(entry) {
  const sources = join(root, 'src');
  if (!existsSync(sources)) return false;
  if (!existsSync(entry)) return true;
  const built = statSync(entry).mtimeMs;
  return readdirSync(sources, { recursive: true, withFileTypes: true }).some(
    (file) => file.isFile() && statSync(join(file.parentPath ?? file.path, file.name)).mtimeMs > built,
  );
}
