// Compiles src/ to dist/, one file to one file, without type check (that is `npm run check`).
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const PLACE = /(\.spec)?\.ts$/;

/** Builds into a folder beside dist/ and puts it in its place at the end, so that a half-made build is never run. */
export async function build() {
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
  putInPlace(fresh, join(root, 'dist'));
}

/** Two builds at once may end in the same moment; either one's result will do. */
function putInPlace(fresh, dist) {
  for (let attempt = 1; ; attempt += 1) {
    rmSync(dist, { recursive: true, force: true });
    try {
      return renameSync(fresh, dist);
    } catch (error) {
      if (attempt === 5) {
        rmSync(fresh, { recursive: true, force: true });
        throw error;
      }
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
