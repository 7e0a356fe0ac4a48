import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** What is compared with, to the version. */
const VERSIONS = {
  postgraphile: '5.1.5',
  '@graphile/simplify-inflection': '9.0.0',
  grafast: '1.1.3',
  grafserv: '1.0.2',
  'graphile-build': '5.1.1',
  'graphile-build-pg': '5.1.4',
  '@dataplan/pg': '1.1.2',
  'pg-sql2': '5.0.1',
  tamedevil: '0.1.1',
  jsonwebtoken: '9.0.2',
  graphql: '16.15.0',
  pg: '8.23.1',
} as const;

/** Installs PostGraphile in a folder of its own, once. Answers the folder. @throws Error with what npm says */
export async function installPostgraphile(scratch: string): Promise<string> {
  const manifest = JSON.stringify({ private: true, dependencies: VERSIONS }, null, 2);
  const folder = join(scratch, `postgraphile-${createHash('sha256').update(manifest).digest('hex').slice(0, 10)}`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  writeFileSync(join(unfinished, 'package.json'), manifest);
  console.error(`Installing PostGraphile ${VERSIONS.postgraphile} ...`);
  const child = spawn('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], {
    cwd: unfinished,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (printed += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`PostGraphile could not be installed: ${printed}`);
  renameSync(unfinished, folder);
  return folder;
}

/** The versions that are there, of what was asked for and of what came with it. */
export function installedVersions(folder: string): Record<string, string> {
  const versions = Object.keys(VERSIONS).map((name): [string, string] => {
    const manifest = readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8');
    return [name, (JSON.parse(manifest) as { version: string }).version];
  });
  return Object.fromEntries(versions);
}
