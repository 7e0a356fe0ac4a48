// Plants mistakes into copies of the compiled program, one at a time, and lets `souk prove` find them. For who works on
// prove or on what it proves: a round that finds nothing when its guard is missing proves nothing when it is there.
//   node scripts/prove-faults.js [names of faults]
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const LONGEST_MS = 300_000;
const SEED = 7;

const STOCK = 'stock/reservations.queries.js';
const OFFERS = 'pricing/offers.queries.js';
const REDEMPTIONS = 'promotions/redemptions.queries.js';
const CATALOGUE = 'database/migrations/1763800000002-catalogue.js';
const TERMS = 'database/migrations/1763800000003-terms.js';
const BUYING = 'database/migrations/1763800000004-buying.js';

/** Each edit is a text in a file of dist/, what takes its place, and how often it must be there. */
const stockGuard = [STOCK, ' AND s.on_hand - s.reserved >= w.quantity', '', 2];
const stockChecks = [
  [CATALOGUE, 'CONSTRAINT stock_on_hand_not_negative CHECK (on_hand >= 0)', ''],
  [CATALOGUE, 'CONSTRAINT stock_reserved_on_hand CHECK (reserved >= 0 AND reserved <= on_hand)', ''],
];
const noProductLock = [
  [OFFERS, ' FOR NO KEY UPDATE OF p`', '`'],
  [OFFERS, ' FOR NO KEY UPDATE`', '`'],
  [OFFERS, ' ORDER BY p.id FOR NO KEY UPDATE\n', '\n'],
];
const stockInBasketOrder = [
  STOCK,
  "(${inOrder(`= ANY(${listParameter('$2')})`)})",
  "(${inOrder(`= ANY(${listParameter('$2')})`).replace('BY l.variant_id', 'BY array_position($2::uuid[], l.variant_id)')})",
];
const couponGuard = [REDEMPTIONS, ' AND p.used < p.usage_limit', ''];
const READ_FIRST = `async (tx, key)=>{
  const known = await this.changes.database.query('fault.read', 'SELECT variant_id AS id, quantity AS n FROM cart_lines WHERE cart_id = $1', [key.cartId]);
  return this.queries.add(tx, key, wanted.map((line)=>({
    ...line, quantity: line.quantity + (known.find(({ id })=>id === line.variantId)?.n ?? 0) })));
}`;

/** What is wrong, which rounds are played, and how the mistake is made. */
const FAULTS = {
  'stock-guard': ['no guard of stock, the CHECKs are there', 'units', [stockGuard]],
  'stock-guard-and-checks': ['no guard of stock and no CHECK', 'units,reservations', [stockGuard, ...stockChecks]],
  'stock-check': ['no CHECK that stock is not negative', 'database', [stockChecks[0]]],
  'total-check': [
    'no CHECK that totals add up',
    'database',
    [[BUYING, 'orders_total_adds_up CHECK (total_minor', 'orders_total_adds_up CHECK (true OR total_minor']],
  ],
  'payment-index': [
    'no unique index for one payment under way',
    'database',
    [
      [BUYING, 'CREATE UNIQUE INDEX payments_one_active', 'CREATE INDEX payments_one_active'],
      [
        'payments/payments.queries.js',
        "ON CONFLICT (order_id) WHERE state IN ('PENDING', 'AUTHORIZED', 'CAPTURED') DO NOTHING",
        '',
      ],
    ],
  ],
  'product-lock-order': [
    'products locked in the order of the basket',
    'units',
    [
      [
        OFFERS,
        'o."productId" ORDER BY p.id FOR',
        'o."productId" ORDER BY array_position($1::uuid[], o."variantId") FOR',
      ],
      [OFFERS, '${IDS}) ORDER BY p.id FOR', '${IDS}) ORDER BY array_position($1::uuid[], p.id) FOR', 2],
    ],
  ],
  'stock-lock-order': [
    'stock locked in the order of the basket, products not locked',
    'units',
    [...noProductLock, stockInBasketOrder],
  ],
  'product-lock': ['products not locked', 'units,prices', noProductLock],
  'key-claim': [
    'keys not claimed',
    'key,kill-server',
    [['database/once.js', 'earlierAnswer(key, await claimKey(tx, key.hash, key.fingerprint))', 'null']],
  ],
  'key-answer': [
    'answers kept in a transaction of their own',
    'key,kill-server',
    [
      [
        'database/once.js',
        'recordAnswer(tx, key.hash, key.seal(answer));',
        'tx.afterCommit(()=>void globalThis.souk.transaction((own)=>recordAnswer(own, key.hash, key.seal(answer))));',
      ],
      [
        'database/database.js',
        'await database.refuseOldServer();',
        'await database.refuseOldServer(); globalThis.souk = database;',
      ],
    ],
  ],
  'cart-guard': [
    'a cart may be ordered again, one order for each cart is unique',
    'key',
    [
      [
        'carts/carts.queries.js',
        'AND ${USABLE} AND c.order_id IS NULL\n         RETURNING',
        'AND ${USABLE}\n         RETURNING',
      ],
    ],
  ],
  'coupon-guard': ['no guard of coupons, the CHECK is there', 'coupons', [couponGuard]],
  'coupon-guard-and-check': [
    'no guard of coupons and no CHECK',
    'coupons',
    [
      couponGuard,
      [TERMS, 'promotions_within_limit CHECK (used <= usage_limit)', 'promotions_within_limit CHECK (true)'],
    ],
  ],
  'coupon-customer-guard': [
    'no guard of coupons for each customer',
    'coupons',
    [[REDEMPTIONS, 'WHERE (SELECT each IS NULL OR c.used < each FROM free WHERE free.id = c.promotion_id)', '']],
  ],
  'cart-read-modify-write': [
    'units of a cart are read, added and written',
    'carts',
    [
      [
        'carts/cart-lines.queries.js',
        'SET quantity = l.quantity + excluded.quantity',
        'SET quantity = excluded.quantity',
      ],
      ['carts/cart-lines.service.js', '(tx, key)=>this.queries.add(tx, key, wanted)', READ_FIRST],
    ],
  ],
  'stock-outside': [
    'units taken in a transaction of their own',
    'kill-server',
    [
      [
        'stock/reservations.service.js',
        'this.queries.take(tx, holderId, wanted, SOLD)',
        'this.database.transaction((own)=>this.queries.take(own, holderId, wanted, SOLD))',
      ],
      [
        'stock/reservations.service.js',
        'this.queries.takePlenty(tx, holderId, wanted, SOLD)',
        'this.database.transaction((own)=>this.queries.takePlenty(own, holderId, wanted, SOLD))',
      ],
    ],
  ],
  release: [
    'promised units are not given back',
    'reservations',
    [[STOCK, 'SET reserved = s.reserved - h.quantity', 'SET reserved = s.reserved - 0 * h.quantity']],
  ],
  'event-outside': [
    'events written behind the commit',
    'kill-server',
    [
      [
        'events/events.service.js',
        'this.queries.append(tx, events);',
        'tx.afterCommit(()=>void globalThis.souk.transaction(async (own)=>this.queries.append(own, events)));',
      ],
      [
        'events/events.service.js',
        'appendCompleted(tx, events, completion);',
        'tx.afterCommit(()=>void globalThis.souk.transaction(async (own)=>appendCompleted(own, events, completion)));',
      ],
      [
        'database/database.js',
        'await database.refuseOldServer();',
        'await database.refuseOldServer(); globalThis.souk = database;',
      ],
    ],
  ],
  'no-wait-for-disk': [
    'commits that do not wait for the log of the database',
    'kill-database',
    [['embedded/server.js', 'synchronous_commit=on', 'synchronous_commit=off']],
  ],
};

await main(process.argv.slice(2));

async function main(names) {
  const unknown = names.filter((name) => !(name in FAULTS));
  if (unknown.length > 0)
    throw new Error(`No such fault: ${unknown.join(', ')}. There are ${Object.keys(FAULTS).join(', ')}.`);
  await build();
  const chosen = names.length > 0 ? names : Object.keys(FAULTS);
  // All texts are looked for before the first run, which takes its time.
  for (const name of chosen) rmSync(planted(name), { recursive: true });
  const missed = [];
  console.log(`${''.padEnd(24)} exit  caught by`);
  for (const name of chosen) {
    const [what, rounds] = FAULTS[name];
    const { code, report, output } = await proveWith(name, rounds);
    const broken = report ? [...report.rounds, ...report.sums].filter((result) => result.broken.length > 0) : [];
    if (code !== 1 || broken.length === 0) missed.push(name);
    console.log(`${name.padEnd(24)} ${String(code).padStart(4)}  ${what}`);
    for (const {
      title,
      broken: [first],
    } of broken)
      console.log(`${''.padEnd(32)}${title}: ${seen(first)}`);
    if (broken.length === 0) console.log(`${''.padEnd(32)}NOT CAUGHT ${report ? '' : output.slice(-500)}`);
  }
  console.log(missed.length === 0 ? `All ${chosen.length} faults were caught.` : `NOT CAUGHT: ${missed.join(', ')}`);
  process.exitCode = missed.length === 0 ? 0 : 1;
}

function seen({ what, rows }) {
  return `${what} ${rows.length > 0 ? JSON.stringify(rows[0]).slice(0, 110) : ''}`;
}

/** A copy of the program with the mistake in it. @throws when a text is not there as often as it should be */
function planted(name) {
  const folder = mkdtempSync(join(tmpdir(), 'souk-fault-'));
  for (const part of ['dist', 'bin', 'package.json']) cpSync(join(root, part), join(folder, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  for (const [file, text, instead, times = 1] of FAULTS[name][2]) {
    const path = join(folder, 'dist', file);
    const parts = readFileSync(path, 'utf8').split(text);
    if (parts.length !== times + 1) {
      rmSync(folder, { recursive: true });
      throw new Error(`${name}: expected ${times} times in ${file}, found ${parts.length - 1}: ${text}`);
    }
    writeFileSync(path, parts.join(instead));
  }
  return folder;
}

async function proveWith(name, rounds) {
  const folder = planted(name);
  const json = join(folder, 'report.json');
  const args = ['bin/souk.js', 'prove', '--short', '--seed', String(SEED), '--rounds', rounds, '--json', json];
  try {
    const child = spawn(process.execPath, args, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LONGEST_MS,
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    const code = await new Promise((resolve) => child.on('close', (status, signal) => resolve(status ?? signal)));
    return { code, output, report: existsSync(json) ? JSON.parse(readFileSync(json, 'utf8')) : null };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
