import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { ProgramCopy } from '../program-copy.ts';

/** The compiled program of this run, and the parts of it that the tool uses itself. */
export interface Program {
  /** Where it lies, with its `bin`. */
  folder: string;
  embedded: typeof import('../../src/embedded/embedded-postgres.js');
  database: typeof import('../../src/database/database.js');
  migrate: typeof import('../../src/database/migrate.js');
  pool: typeof import('../../src/database/pool.js');
  settings: typeof import('../../src/config/settings.js');
}

/** A copy of what is built now. The caller removes it. */
export async function copyProgram(): Promise<{ program: Program; remove: () => void }> {
  const copy = new ProgramCopy();
  const part = (file: string): Promise<unknown> => import(pathToFileURL(join(copy.folder, 'dist', file)).href);
  try {
    const program = {
      folder: copy.folder,
      embedded: (await part('embedded/embedded-postgres.js')) as Program['embedded'],
      database: (await part('database/database.js')) as Program['database'],
      migrate: (await part('database/migrate.js')) as Program['migrate'],
      pool: (await part('database/pool.js')) as Program['pool'],
      settings: (await part('config/settings.js')) as Program['settings'],
    };
    return { program, remove: () => copy.remove() };
  } catch (error) {
    copy.remove();
    throw error;
  }
}
