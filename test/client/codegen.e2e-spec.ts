import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Kind, parse } from 'graphql';
import * as hooks from '../../client/generated/hooks.js';

const DOCUMENTS = 'client/documents';
const GENERATED = 'client/generated';
const CHECK = fileURLToPath(new URL('../../scripts/check-codegen.js', import.meta.url));

/** Exit code and last words of the check that stands in the gate. */
function check(...folder: string[]): [status: number | null, errors: string] {
  const { status, stderr } = spawnSync(process.execPath, [CHECK, ...folder], { encoding: 'utf8' });
  return [status, stderr.trim()];
}

describe('the generated client', () => {
  it('is what the schema and the documents make', () => {
    expect(check()).toEqual([0, '']);
  });

  it('is told to be stale when a file differs, is missing or is left over', () => {
    const copy = mkdtempSync(join(tmpdir(), 'generated-'));
    cpSync(GENERATED, copy, { recursive: true });
    appendFileSync(join(copy, 'hooks.ts'), '\n');
    rmSync(join(copy, 'operations.ts'));
    writeFileSync(join(copy, 'left.ts'), '');
    const words = 'Stale in client/generated: operations.ts, hooks.ts, left.ts. Run: npm run codegen';
    expect(check(copy)).toEqual([1, words]);
    rmSync(copy, { recursive: true });
  });

  it('has all hooks of every operation, and no others', () => {
    const names = readdirSync(DOCUMENTS)
      .flatMap((file) => parse(readFileSync(join(DOCUMENTS, file), 'utf8')).definitions)
      .flatMap((node) => (node.kind === Kind.OPERATION_DEFINITION ? [node] : []))
      .flatMap(({ operation, name }) => {
        const kinds = {
          query: ['Query', 'LazyQuery', 'SuspenseQuery'],
          mutation: ['Mutation'],
          subscription: ['Subscription'],
        };
        return kinds[operation].map((kind) => `use${name?.value}${kind}`);
      });
    expect(Object.keys(hooks).toSorted()).toEqual(names.toSorted());
  });

  it('knows the type of everything and nothing of the machine that made it', () => {
    for (const file of readdirSync(GENERATED)) {
      const text = readFileSync(join(GENERATED, file), 'utf8');
      expect(text).not.toMatch(/[:<|(] *(any|unknown)\b(?! }>)/);
      for (const place of [process.cwd(), homedir(), tmpdir()]) expect(text).not.toContain(place);
    }
  });
});
