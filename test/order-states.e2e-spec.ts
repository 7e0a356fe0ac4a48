import { Role } from '../src/access/role.js';
import { signUp, type Account } from './support/accounts.js';
import { codeOf, type MadeProduct } from './support/catalogue.js';
import { wrongBooks } from './support/order-books.js';
import {
  buyingDump,
  changed,
  makeGoods,
  anOrder,
  orderChanges,
  readOrder,
  refusedOrder,
  trailOf,
  variantOf,
} from './support/orders.js';
import { makePromotion } from './support/promotions.js';
import { startShop, type Shop } from './support/shop.js';

type Change = 'cancel' | 'fulfill' | 'ship' | 'deliver' | 'refund' | 'start' | 'capture';
type Who = 'nobody' | 'other' | 'owner' | 'staff' | 'admin';
type Made = Record<string, any>;

const CHANGES: readonly Change[] = ['cancel', 'fulfill', 'ship', 'deliver', 'refund', 'start', 'capture'];
const PEOPLE: readonly Who[] = ['nobody', 'other', 'owner', 'staff', 'admin'];
// Fewer fields than all: hundreds of orders are made here.
const STEPS = orderChanges(`id number email state version placedAt nextStates lines { id }
  history { type fromState toState reason at actor { id } }`);
const sandbox = (token: string): object => ({ payment: { method: 'sandbox', token } });

let shop: Shop;
let people: Record<Who, Account | undefined>;
let goods: MadeProduct;
let others: MadeProduct;

beforeAll(async () => {
  shop = await startShop();
  const staff = await signUp(shop, { roles: [Role.STAFF] });
  const admin = await signUp(shop, { roles: [Role.ADMIN] });
  people = { nobody: undefined, other: await signUp(shop), owner: await signUp(shop), staff, admin };
  goods = await makeGoods(shop, staff, 9_999);
  others = await makeGoods(shop, staff, 9_999);
  await makePromotion(shop, staff, { code: 'FREE', kind: 'PERCENT', percent: '100' });
});

afterAll(async () => {
  const wrong = await wrongBooks(shop);
  await shop.close();
  expect(wrong).toEqual([]);
});

/** Changes that do not do all that there is to do. */
const PARTS = {
  'pack one': ({ lines }: Made): [Change, object] => [
    'fulfill',
    { lines: [{ orderLineId: lines[0].id, quantity: 1 }] },
  ],
  'capture some': (): [Change, object] => ['capture', { amount: { amount: '5.00' } }],
};

/** The owner's new order of two units of one product and one of another, which goes on by these changes of staff. */
async function made(traits: object, ...changes: readonly (Change | keyof typeof PARTS)[]): Promise<Made> {
  const lines = [goods, others].map((product, n) => ({ variantId: variantOf(product), quantity: 2 - n }));
  let now = await changed(shop, STEPS.place, anOrder(lines, traits), people.owner);
  for (const change of changes) {
    const [name, more] = change in PARTS ? PARTS[change as keyof typeof PARTS](now) : [change as Change, {}];
    now = await changed(shop, STEPS[name], { ...inputOf(name, now), ...more }, people.staff);
  }
  return now;
}

function inputOf(change: Change, { id }: Made): object {
  return change === 'start' ? { order: { id }, ...sandbox('succeed') } : { orderId: id };
}

interface Row {
  make: () => Promise<Made>;
  /** Where each change of staff leads; what is not named is refused. */
  staff: Partial<Record<Change, string>>;
  /** The same for the customer. */
  owner?: Partial<Record<Change, string>>;
  /** What staff and the customer are told that they may bring it to. */
  next: [staff: string[], owner: string[]];
  /** Why starting a payment is refused where it is. */
  unpayable?: string;
  /** And capturing one. */
  uncapturable?: string;
}

const PAID = sandbox('succeed');
const TABLE: Record<string, Row> = {
  'waiting for its payment': {
    make: () => made(sandbox('pending')),
    staff: { cancel: 'CANCELLED' },
    owner: { cancel: 'CANCELLED' },
    next: [['CANCELLED'], ['CANCELLED']],
    unpayable: 'PAYMENT_ACTIVE',
  },
  'waiting, its payment declined': {
    make: () => made(sandbox('decline')),
    staff: { cancel: 'CANCELLED', start: 'PAID' },
    owner: { cancel: 'CANCELLED', start: 'PAID' },
    next: [['CANCELLED'], ['CANCELLED']],
  },
  'waiting, its payment authorized': {
    make: () => made(sandbox('authorize')),
    staff: { cancel: 'CANCELLED', capture: 'PAID' },
    owner: { cancel: 'CANCELLED' },
    next: [['PAID', 'CANCELLED'], ['CANCELLED']],
    unpayable: 'PAYMENT_ACTIVE',
  },
  'on account': {
    make: () => made({}),
    staff: { cancel: 'CANCELLED', fulfill: 'FULFILLED', capture: 'PAID' },
    owner: { cancel: 'CANCELLED' },
    next: [['PAID', 'FULFILLED', 'CANCELLED'], ['CANCELLED']],
    unpayable: 'PAYMENT_ACTIVE',
  },
  'on account and packed in part': {
    make: () => made({}, 'pack one'),
    staff: { fulfill: 'FULFILLED', ship: 'PENDING_PAYMENT', capture: 'PAID', cancel: 'CANCELLED' },
    next: [['PAID', 'FULFILLED', 'CANCELLED'], []],
    unpayable: 'PAYMENT_ACTIVE',
  },
  'on account, packed and not paid': {
    make: () => made({}, 'fulfill'),
    staff: { ship: 'SHIPPED', capture: 'FULFILLED', cancel: 'CANCELLED' },
    next: [['SHIPPED', 'CANCELLED'], []],
    unpayable: 'PAYMENT_ACTIVE',
  },
  'on account, shipped and not paid': {
    make: () => made({}, 'fulfill', 'ship'),
    staff: { deliver: 'DELIVERED', capture: 'SHIPPED', cancel: 'CANCELLED' },
    next: [['DELIVERED', 'CANCELLED'], []],
    unpayable: 'PAYMENT_ACTIVE',
  },
  'on account, shipped and paid in part': {
    make: () => made({}, 'fulfill', 'ship', 'capture some'),
    staff: { deliver: 'DELIVERED', capture: 'SHIPPED', refund: 'SHIPPED' },
    next: [['DELIVERED', 'REFUNDED'], []],
    unpayable: 'PAYMENT_ACTIVE',
  },
  'on account, delivered and not paid': {
    make: () => made({}, 'fulfill', 'ship', 'deliver'),
    staff: { capture: 'DELIVERED' },
    next: [[], []],
    unpayable: 'PAYMENT_ACTIVE',
  },
  paid: {
    make: () => made(PAID),
    staff: { cancel: 'CANCELLED', fulfill: 'FULFILLED', refund: 'REFUNDED' },
    next: [['FULFILLED', 'CANCELLED', 'REFUNDED'], []],
  },
  'paid and packed in part': {
    make: () => made(PAID, 'pack one'),
    staff: { fulfill: 'FULFILLED', ship: 'PAID', refund: 'REFUNDED' },
    next: [['FULFILLED', 'REFUNDED'], []],
  },
  'paid and on its way in part': {
    make: () => made(PAID, 'pack one', 'ship'),
    staff: { fulfill: 'FULFILLED', deliver: 'PAID', refund: 'REFUNDED' },
    next: [['FULFILLED', 'REFUNDED'], []],
  },
  free: {
    make: () => made({ coupons: ['FREE'], payment: null }),
    staff: { cancel: 'CANCELLED', fulfill: 'FULFILLED' },
    next: [['FULFILLED', 'CANCELLED'], []],
    uncapturable: 'NOT_FOUND',
  },
  packed: {
    make: () => made(PAID, 'fulfill'),
    staff: { ship: 'SHIPPED', refund: 'REFUNDED' },
    next: [['SHIPPED', 'REFUNDED'], []],
  },
  shipped: {
    make: () => made(PAID, 'fulfill', 'ship'),
    staff: { deliver: 'DELIVERED', refund: 'REFUNDED' },
    next: [['DELIVERED', 'REFUNDED'], []],
  },
  delivered: {
    make: () => made(PAID, 'fulfill', 'ship', 'deliver'),
    staff: { refund: 'REFUNDED' },
    next: [['REFUNDED'], []],
  },
  cancelled: { make: () => made(PAID, 'cancel'), staff: {}, next: [[], []] },
  refunded: { make: () => made(PAID, 'refund'), staff: {}, next: [[], []] },
};

/** Why a change by somebody is refused; `null` where the table has a way. */
function refusalOf({ staff, owner = {}, ...row }: Row, change: Change, who: Who): string | null {
  const works = who === 'staff' || who === 'admin';
  if ((works && staff[change]) || (who === 'owner' && owner[change])) return null;
  const { unpayable = 'ILLEGAL_TRANSITION', uncapturable = 'ILLEGAL_TRANSITION' } = row;
  const illegal = { start: unpayable, capture: uncapturable }[change as string] ?? 'ILLEGAL_TRANSITION';
  if (works) return illegal;
  if (who === 'nobody' && change !== 'start') return 'UNAUTHENTICATED';
  if (change !== 'start' && change !== 'cancel') return 'FORBIDDEN';
  return who === 'owner' ? illegal : 'NOT_FOUND';
}

describe.each(Object.entries(TABLE))('an order that is %s', (_, row) => {
  it('tells everybody what they may do, and refuses the rest without a trace', async () => {
    const target = await row.make();
    const { id, number, email } = target;
    const seen = async (by: object, who: Who): Promise<string[]> =>
      (await readOrder(shop, by, people[who], 'nextStates'))?.['nextStates'];
    const [staff, owner] = row.next;
    for (const who of ['staff', 'admin'] as const) expect(await seen({ id }, who)).toEqual(staff);
    expect(await seen({ id }, 'owner')).toEqual(owner);
    for (const who of ['nobody', 'other'] as const) expect(await seen({ guest: { number, email } }, who)).toEqual([]);

    const before = await buyingDump(shop);
    const attempts = CHANGES.flatMap((change) =>
      PEOPLE.map((who) => ({ change, who, why: refusalOf(row, change, who) })),
    );
    const refused = attempts.filter(({ why }) => why !== null);
    const codes = await Promise.all(
      refused.map(async ({ change, who }) =>
        codeOf(await shop.send(STEPS[change], { input: inputOf(change, target) }, people[who]?.token)),
      ),
    );
    expect(refused.map((attempt, n) => ({ ...attempt, why: codes[n] }))).toEqual(refused);
    expect(await buyingDump(shop)).toBe(before);
  });

  it('goes where the table leads, and says by whom', async () => {
    for (const who of ['owner', 'staff'] as const) {
      const ways = Object.entries((who === 'owner' ? row.owner : row.staff) ?? {}) as [Change, string][];
      for (const [change, to] of ways) {
        const before = await row.make();
        const after = await changed(shop, STEPS[change], inputOf(change, before), people[who]);
        expect([change, after['state']]).toEqual([change, to]);
        expect(after['version']).toBeGreaterThan(before['version']);
        // Money that a provider has collected came by itself.
        const actor = change === 'start' ? null : { id: people[who]?.id };
        const entry = after['history'][before['history'].length];
        expect(entry).toMatchObject({ fromState: before['state'], actor });
      }
    }
  });
});

describe('the version of an order', () => {
  it('guards each change', async () => {
    const ways: [Change, Made][] = [
      ['cancel', await made(PAID)],
      ['fulfill', await made(PAID)],
      ['refund', await made(PAID)],
      ['ship', await made(PAID, 'fulfill')],
      ['deliver', await made(PAID, 'fulfill', 'ship')],
    ];
    for (const [change, before] of ways) {
      const input = (expectedVersion: number): object => ({ orderId: before['id'], expectedVersion });
      const version: number = before['version'];
      for (const stale of [version - 1, version + 1]) {
        const refusal = await refusedOrder(shop, STEPS[change], input(stale), people.staff);
        expect(refusal).toBe('VERSION_CONFLICT input.expectedVersion');
      }
      await changed(shop, STEPS[change], input(version), people.staff);
    }
  });
});

describe('the way of an order', () => {
  it('is told step by step, with who and why', async () => {
    const way = await made(PAID, 'pack one', 'fulfill', 'ship', 'deliver');
    const refund = { orderId: way['id'], reason: 'Came too late.' };
    const last = await changed(shop, STEPS.refund, refund, people.admin);
    expect(trailOf(last)).toEqual([
      'PLACED >PENDING_PAYMENT',
      'PAYMENT_RECEIVED PENDING_PAYMENT>PAID',
      'PACKED PAID>PAID',
      'PACKED PAID>FULFILLED',
      'SHIPPED FULFILLED>SHIPPED',
      'DELIVERED SHIPPED>DELIVERED',
      'REFUND_REQUESTED DELIVERED>DELIVERED',
      'REFUNDED DELIVERED>REFUNDED',
    ]);
    const { owner, staff, admin } = people;
    const actors = last['history'].map(({ actor }: Made) => actor?.['id'] ?? null);
    expect(actors).toEqual([owner?.id, null, staff?.id, staff?.id, staff?.id, staff?.id, admin?.id, admin?.id]);
    expect(last['history'].at(-1).reason).toBe('Came too late.');
    const times = last['history'].map(({ at }: Made) => at);
    expect(times).toEqual(times.toSorted());
    expect(times[0]).toBe(last['placedAt']);
    // The customer sees what happened and when, and not who of the staff it was.
    const seen = await readOrder(shop, { id: way['id'] }, owner);
    expect(seen?.['history'].map(({ actor }: Made) => actor?.['id'] ?? null)).toEqual([
      owner?.id,
      ...Array.from({ length: 7 }, () => null),
    ]);
  });
});
