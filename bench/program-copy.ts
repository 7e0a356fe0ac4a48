import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** What takes the place of a text that is in a file of dist/ exactly once. */
export interface Edit {
  file: string;
  text: string;
  instead: string;
}

/** The parts of the compiled program that the tool uses itself. */
export interface Program {
  scratchShop: typeof import('../src/scratch/scratch-shop.js');
  queries: typeof import('../src/scratch/scratch.queries.js');
  accessToken: typeof import('../src/scratch/access-token.js');
  cursor: typeof import('../src/events/cursor.js');
  globalId: typeof import('../src/graphql/global-id.js');
}

/** A copy of the compiled program, so that all servers of a run are of one build, whatever happens to the sources meanwhile. */
export class ProgramCopy {
  /** Where the copy lies. */
  readonly folder = mkdtempSync(join(tmpdir(), 'souk-bench-'));

  /** @throws Error when an edit does not fit; then nothing is left */
  constructor(edits: readonly Edit[] = []) {
    try {
      for (const part of ['dist', 'bin', 'package.json']) {
        cpSync(join(ROOT, part), join(this.folder, part), { recursive: true });
      }
      this.linkModules();
      for (const edit of edits) this.plant(edit);
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  async load(): Promise<Program> {
    const part = (file: string): Promise<unknown> => import(pathToFileURL(join(this.folder, 'dist', file)).href);
    return {
      scratchShop: (await part('scratch/scratch-shop.js')) as Program['scratchShop'],
      queries: (await part('scratch/scratch.queries.js')) as Program['queries'],
      accessToken: (await part('scratch/access-token.js')) as Program['accessToken'],
      cursor: (await part('events/cursor.js')) as Program['cursor'],
      globalId: (await part('graphql/global-id.js')) as Program['globalId'],
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  // One by one, so that what the program keeps in node_modules/.cache goes with the copy.
  private linkModules(): void {
    const [from, to] = [join(ROOT, 'node_modules'), join(this.folder, 'node_modules')];
    mkdirSync(to);
    for (const name of readdirSync(from)) {
      if (!name.startsWith('.')) symlinkSync(join(from, name), join(to, name), 'junction');
    }
  }

  private plant({ file, text, instead }: Edit): void {
    const path = join(this.folder, 'dist', file);
    const parts = readFileSync(path, 'utf8').split(text);
    if (parts.length !== 2) throw new Error(`Expected once in ${file}, found ${parts.length - 1} times: ${text}`);
    writeFileSync(path, parts.join(instead));
  }
}
