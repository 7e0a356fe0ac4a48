// Fails when client/generated (or the folder given) is not what codegen.yml makes of schema.gql and client/documents.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate, loadContext } from '@graphql-codegen/cli';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = resolve(process.argv[2] ?? join(root, 'client', 'generated'));

/** Names of the files that differ, are missing, or are there without being generated. */
async function staleFiles() {
  // Paths in codegen.yml, the local plugin among them, are looked up from here.
  process.chdir(root);
  const context = await loadContext('codegen.yml');
  context.updateConfig({ silent: true });
  const fresh = new Map((await generate(context, false)).map(({ filename, content }) => [basename(filename), content]));
  const left = readdirSync(folder).filter((name) => !fresh.has(name));
  const differs = ([name, content]) => {
    const file = join(folder, name);
    return !existsSync(file) || readFileSync(file, 'utf8').replaceAll('\r\n', '\n') !== content;
  };
  return [...[...fresh].filter(differs).map(([name]) => name), ...left];
}

try {
  const stale = await staleFiles();
  if (stale.length > 0) throw new Error(`Stale in client/generated: ${stale.join(', ')}. Run: npm run codegen`);
} catch ({ message }) {
  console.error(message);
  process.exitCode = 1;
}
