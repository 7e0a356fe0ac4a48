import { Command, InvalidArgumentError, Option } from 'commander';
import { ConfigError } from '../config/config.js';
import { VERSION } from '../config/version.js';
import { EmbeddedPostgresError } from '../embedded/error.js';
import { ImportError } from '../files/files.errors.js';
import { WorkersRefused } from '../workers/worker-count.js';
import { CommandError } from './command-error.js';

const PRODUCT_FILES = `
FILE ends in .csv, .json (an array of objects), .ndjson or .jsonl (an object in each line). One row is one variant.

Columns: sku, price (or price_gbp, as the shop's currency is called) and, where known:
  product           slug of the product; rows with the same slug are variants of one product.
                    Without it the product is found by the SKU, or a new one is made
  name, title       of the product, of the variant
  description       plain text
  category          names from the root down, "Electronics > Phones", or a slug; what is missing is created
  status            DRAFT, ACTIVE or ARCHIVED
  currency          must be the shop's
  compare_at_price  a former price to show beside the price
  stock             units
  options           "Size: L | Colour: Red"
  attributes        the same form
  images            URLs, separated by blanks
  units_sold        of the product, before and since

A backslash makes the next character plain: "Sizes: S \\| M". What a product is stands in its first row; the rows after
it may leave that out. An empty cell leaves the value as it is, but an empty compare_at_price takes it away.`;
const REJECTED = `
Importing a file again changes nothing. Rows that cannot be used are told with line and reason and left out; the exit
code is 0. With --strict one of them makes the import write nothing at all, and the exit code is 1.`;
const ORDER_FILES = `
FILE ends in .csv, .json, .ndjson or .jsonl. One row is one line of an invoice; the lines of an invoice follow each other.

Columns:
  invoice        its number. C and digits, C536379: a cancellation, which gives back what an earlier invoice sold
  sku            POST, DOT and C2 are delivery, D is a discount; every other SKU is goods, known to the shop or not
  quantity       units; below 0 when they come back
  invoice_date   2011-11-21 08:02:00; UTC when it names no zone
  unit_price     or unit_price_gbp, as the shop's currency is called
  currency       must be the shop's
  customer_id    what the other system calls the customer

An invoice becomes an order, delivered and paid, whole or not at all; a line of a cancellation becomes a refund of the
customer's newest order before it that has these units at this price. No stock moves and nobody is told.

Every line that is left out is told with its reason. The sums of the file, of the shop and of these lines are printed;
when they do not agree, the exit code is 1. Importing a file again changes nothing. With --strict one line that is left
out makes the import write nothing at all, and the exit code is 1.`;
const CATEGORY_FILES = `
FILE ends in .csv, .json, .ndjson or .jsonl and has the columns id, name and parent_id (empty for a root), in any order
of rows; ids link the rows and stand in for a missing name. A category is known when the names from the root down are
the same: importing a file again changes nothing. One bad row, and nothing is imported.`;
const PROOF = `
Starts a database of its own and two servers on it, all on 127.0.0.1 and in a folder for temporary files that is removed
at the end. Then it tries to break what the shop promises, in rounds:
  units          200 buyers at once for 50 units of two products, in baskets of both orders
  key            the same order with the same key 100 times at once, and one cart ordered 30 times at once
  coupons        more buyers than a coupon has uses, and one customer again and again
  carts          60 changes of one cart at once
  prices         prices that change while buyers order
  reservations   payments that succeed, fail and never come, orders given up and out of time
  kill-server    servers killed (SIGKILL) at random moments under 16 shoppers
  kill-database  the database killed (SIGKILL) at random moments under 16 shoppers
  database       wrong states written into the tables by hand
and adds up: units sold, taken and in the ledger, orders and keys, totals and lines, money, coupons, events.

It takes about a minute. The exit code is 0 when every promise was kept, and 1, with the evidence, when one was broken.`;

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

  tables(souk);

  souk
    .command('config')
    .description('print the settings in force; fails with all problems when they are not usable')
    .option('--example', 'print .env.example instead')
    .action(async (options) => (await import('./config.js')).config(options));

  files(souk);

  souk
    .command('prove')
    .description('show on this machine that nothing is oversold, lost or done twice, also when things are killed')
    .option('--seed <number>', 'draw the same baskets and moments again', wholeNumber)
    .option('--short', 'fewer of everything: about 20 seconds')
    .option('--rounds <names>', 'only these rounds, comma-separated')
    .option('--keep', 'keep the database, to look into it')
    .option('--json <file>', 'write the report to a file as well')
    .addHelpText('after', PROOF)
    .action(async (options) => (await import('./prove.js')).prove(options));

  souk
    .command('schema')
    .description('print the GraphQL schema')
    .option('--write <file>', 'write it to a file')
    .addOption(new Option('--check <file>', 'fail when a file is not the schema').conflicts('write'))
    .action(async (options) => (await import('./schema.js')).schema(options));
  return souk;
}

function tables(souk: Command): void {
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
}

/** The commands that read and write files, and fill the shop from one. */
function files(souk: Command): void {
  const imports = souk.command('import').description('import products, categories or orders from a file');
  imports
    .command('products <file>')
    .description('import products from a CSV, JSON or NDJSON file')
    .option('--strict', 'write nothing when a row is rejected')
    .option('--stock <units>', 'stock of new variants whose row tells none', units, 0)
    .addHelpText('after', PRODUCT_FILES + REJECTED)
    .action(async (file, options) => (await import('./import.js')).importProducts(file, options));
  imports
    .command('categories <file>')
    .description('import a tree of categories from a CSV, JSON or NDJSON file')
    .option('--below <slug>', 'hang it on this category')
    .addHelpText('after', CATEGORY_FILES)
    .action(async (file, options) => (await import('./import.js')).importCategories(file, options));
  imports
    .command('orders <file>')
    .description('import the orders of another shop from a CSV, JSON or NDJSON file')
    .option('--strict', 'write nothing when a line is left out')
    .addHelpText('after', ORDER_FILES)
    .action(async (file, options) => (await import('./import.js')).importOrders(file, options));

  souk
    .command('export')
    .description('export products to a file')
    .command('products <file>')
    .description('write all products into a CSV, JSON or NDJSON file that can be imported')
    .addHelpText('after', PRODUCT_FILES)
    .action(async (file) => (await import('./export.js')).exportProducts(file));

  souk
    .command('seed')
    .description('add the demo catalogue and accounts; never in production')
    .action(async () => (await import('./seed.js')).seed());
}

function units(text: string): number {
  if (!/^\d{1,8}$/.test(text)) throw new InvalidArgumentError('expected a whole number from 0 to 99999999');
  return Number(text);
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('expected a whole number from 0 to 999999999');
  return Number(text);
}

/** Runs one command and ends the process with its exit code. */
export async function run(argv: readonly string[]): Promise<void> {
  try {
    await program().parseAsync(argv);
  } catch (error) {
    console.error((await isForThePerson(error)) ? (error as Error).message : error);
    process.exitCode = 1;
  }
}

/** Whether the message says all that the person at the terminal needs. */
async function isForThePerson(error: unknown): Promise<boolean> {
  const kinds = [CommandError, ConfigError, EmbeddedPostgresError, ImportError, WorkersRefused];
  if (kinds.some((kind) => error instanceof kind)) return true;
  // A primary and a help text do without it, and it is large.
  const { DatabaseError } = await import('../database/database.js');
  return error instanceof DatabaseError;
}
