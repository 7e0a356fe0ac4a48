import { readFileSync, writeFileSync } from 'node:fs';
import { printShopSchema } from '../server/schema-print.js';
import { ROOMS } from '../app.module.js';
import { CommandError } from './command-error.js';

/** Prints the schema, writes it to a file, or fails when a file is not the schema. Needs no database. */
export async function schema({ write, check }: { write?: string; check?: string }): Promise<void> {
  const text = await printShopSchema(ROOMS);
  if (write !== undefined) writeFileSync(write, text);
  else if (check === undefined) process.stdout.write(text);
  else if (readFileSync(check, 'utf8') !== text) {
    throw new CommandError(`${check} is not the schema of the code. Run: npm run schema`);
  }
}
