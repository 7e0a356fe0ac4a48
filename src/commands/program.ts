import { Command, Option } from 'commander';
import { ConfigError } from '../config/config.js';
import { VERSION } from '../config/version.js';
import { DatabaseError } from '../database/database.js';
import { EmbeddedPostgresError } from '../embedded/error.js';
import { CommandError } from './command-error.js';

/** The program `souk`. Each command's code is loaded when it is called, so that help is quick. */
function program(): Command {
  const souk = new Command('souk')
    .description('A live GraphQL commerce server.')
    .version(VERSION)
    .showHelpAfterError()
    .addHelpText('after', '\nSettings are read from the environment and from .env; .env.example lists them all.');

  souk
    .command('start')
    .description('start the server; on a first start also the database, its tables and the demo shop')
    .action(async () => (await import('./start.js')).start());

  const migrate = souk.command('migrate').description('tables of the database');
  migrate
    .command('status', { isDefault: true })
    .description('list the migrations and whether they have run')
    .action(async () => (await import('./migrate.js')).showMigrations());
  migrate
    .command('up')
    .description('run all that have not run')
    .action(async () => (await import('./migrate.js')).migrateToNewest());
  migrate
    .command('down')
    .description('revert the newest one; its data are lost')
    .action(async () => (await import('./migrate.js')).revertNewest());

  souk
    .command('config')
    .description('print the settings in force; fails with all problems when they are not usable')
    .option('--example', 'print .env.example instead')
    .action(async (options) => (await import('./config.js')).config(options));

  souk
    .command('schema')
    .description('print the GraphQL schema')
    .option('--write <file>', 'write it to a file')
    .addOption(new Option('--check <file>', 'fail when a file is not the schema').conflicts('write'))
    .action(async (options) => (await import('./schema.js')).schema(options));
  return souk;
}

/** Runs one command and ends the process with its exit code. */
export async function run(argv: readonly string[]): Promise<void> {
  try {
    await program().parseAsync(argv);
  } catch (error) {
    const expected = [CommandError, ConfigError, DatabaseError, EmbeddedPostgresError];
    const told = expected.some((kind) => error instanceof kind);
    console.error(told ? (error as Error).message : error);
    process.exitCode = 1;
  }
}
