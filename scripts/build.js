// Compiles src/ to dist/, one file to one file, without type check (that is `npm run check`).
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const PLACE = /(\.spec)?\.ts$/;
const dist = join(root, 'dist');
const lock = join(root, 'dist.lock');
const LONGEST_BUILD_MS = 60_000;

/**
 * Builds into a folder beside dist/ and puts it in its place at the end, so that a half-made build is never run.
 * One process at a time: whoever waited builds only what is still wanted.
 */
export async function build(isWanted = () => true) {
  await takeTurn();
  try {
    if (isWanted()) await compile();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** A folder is made by exactly one process. One that is older than any build was left by a process that died. */
async function takeTurn() {
  for (;;) {
    try {
      return mkdirSync(lock);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > LONGEST_BUILD_MS) rmSync(lock, { recursive: true, force: true });
    await sleep(50);
  }
}

async function compile() {
  const { transformFile } = await import('@swc/core');
  const sources = join(root, 'src');
  const fresh = join(root, `dist.${process.pid}`);
  const files = readdirSync(sources, { recursive: true }).filter(
    (file) => PLACE.test(file) && !file.endsWith('.spec.ts'),
  );
  await Promise.all(
    files.map(async (file) => {
      const { code, map } = await transformFile(join(sources, file), { cwd: root, sourceMaps: true });
      const target = join(fresh, file.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      const name = target.slice(dirname(target).length + 1);
      writeFileSync(target, `${code}\n//# sourceMappingURL=${name}.map\n`);
      writeFileSync(`${target}.map`, map ?? '');
    }),
  );
  rmSync(dist, { recursive: true, force: true });
  renameSync(fresh, dist);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
