import { randomUUID } from 'node:crypto';
import { Role } from '../src/access/role.js';
import { signUp, type Account } from './support/accounts.js';
import { change, makeCategory, NOBODY } from './support/catalogue.js';
import {
  giveBack,
  makePromotion,
  NO_PROMOTION,
  PROMOTION_CHANGES,
  promotionDump,
  redeem,
  rulesOf,
  type MadePromotion,
} from './support/promotions.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

const { create, update, delete: remove } = PROMOTION_CHANGES;

let shop: Shop;
let staff: Account;

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
});

afterAll(() => shop?.close());

const make = (input: object = {}): Promise<MadePromotion> => makePromotion(shop, staff, input);

async function updated(input: object): Promise<Answer['data']> {
  return (await change(shop, staff, update, input))['promotion'];
}

/** Sends a change that must be refused and leave every row as it was, and answers why and where. */
async function refused(document: string, input: object): Promise<string> {
  const before = await promotionDump(shop);
  const { data, errors } = await shop.send(document, { input }, staff.token);
  expect(await promotionDump(shop)).toBe(before);
  const extensions = errors?.[0]?.extensions;
  if (extensions) return `${extensions['code']} ${extensions['fields'].map(({ path }: { path: string }) => path)}`;
  const { userErrors, ...result } = Object.values(data)[0];
  expect([Object.values(result), userErrors.length]).toEqual([[null], 1]);
  return `${userErrors[0].code} ${userErrors[0].field.join('.')}`;
}

async function usedOf({ uuid }: MadePromotion): Promise<number | undefined> {
  const sql = 'SELECT used FROM promotions WHERE id = $1';
  return (await shop.database.query<{ used: number }>('test.used', sql, [uuid]))[0]?.used;
}

describe('createPromotion', () => {
  const ten = { name: 'Ten', kind: 'PERCENT', percent: '10' };
  const five = { name: 'Five', kind: 'FIXED_AMOUNT', amount: { amount: '5' } };

  it('refuses a code that is taken, in whatever letters', async () => {
    await make({ code: 'TAKEN' });
    expect(await refused(create, { ...ten, code: ' taken ' })).toBe('CODE_TAKEN input.code');
  });

  it('lets one of many have a code', async () => {
    const input = { ...ten, code: 'WANTED' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => shop.send(create, { input }, staff.token)));
    const codes = answers.map(({ data }) => String(data['createPromotion'].userErrors[0]?.code));
    expect(codes.toSorted()).toEqual([...Array<string>(7).fill('CODE_TAKEN'), 'undefined']);
  });

  it.each([
    [{ ...ten, categoryIds: [NOBODY.category] }, 'NOT_FOUND input.categoryIds'],
    [{ ...ten, productIds: [NOBODY.product] }, 'NOT_FOUND input.productIds'],
    [{ ...five, amount: { amount: '5', currency: 'EUR' } }, 'CURRENCY_MISMATCH input.amount'],
    [{ ...ten, minSubtotal: { amount: '5', currency: 'EUR' } }, 'CURRENCY_MISMATCH input.minSubtotal'],
    [{ ...ten, percent: null }, 'BAD_USER_INPUT input.percent'],
    [{ ...ten, percent: '0' }, 'BAD_USER_INPUT input.percent'],
    [{ ...ten, percent: '100.01' }, 'BAD_USER_INPUT input.percent'],
    [{ ...ten, percent: '1.005' }, 'BAD_USER_INPUT input.percent'],
    [{ ...ten, amount: { amount: '5' } }, 'BAD_USER_INPUT input.amount'],
    [{ ...five, percent: '10' }, 'BAD_USER_INPUT input.percent'],
    [{ ...five, amount: null }, 'BAD_USER_INPUT input.amount'],
    [{ ...five, amount: { amount: '0.00' } }, 'BAD_USER_INPUT input.amount.amount'],
    [{ ...five, amount: { amount: '-1' } }, 'BAD_USER_INPUT input.amount.amount'],
    [{ ...five, amount: { amount: '0.001' } }, 'BAD_USER_INPUT input.amount.amount'],
    [{ ...ten, kind: 'FREE_SHIPPING' }, 'BAD_USER_INPUT input.percent'],
    [{ ...ten, minSubtotal: { amount: '-0.01' } }, 'BAD_USER_INPUT input.minSubtotal.amount'],
    [{ ...ten, startsAt: '2027-01-01T00:00:00Z', endsAt: '2027-01-01T00:00:00Z' }, 'BAD_USER_INPUT input.endsAt'],
    [{ ...ten, usageLimit: 0 }, 'BAD_USER_INPUT input.usageLimit'],
    [{ ...ten, usageLimitPerCustomer: 0 }, 'BAD_USER_INPUT input.usageLimitPerCustomer'],
    [{ ...ten, name: '  ' }, 'BAD_USER_INPUT input.name'],
    [{ ...ten, name: 'x'.repeat(201) }, 'BAD_USER_INPUT input.name'],
    [{ ...ten, code: '' }, 'BAD_USER_INPUT input.code'],
    [{ ...ten, code: 'two words' }, 'BAD_USER_INPUT input.code'],
    [{ ...ten, code: 'straße' }, 'BAD_USER_INPUT input.code'],
    [{ ...ten, code: 'x'.repeat(41) }, 'BAD_USER_INPUT input.code'],
    [{ ...ten, categoryIds: [NOBODY.product] }, 'BAD_USER_INPUT input.categoryIds'],
    [{ ...ten, productIds: Array<string>(101).fill(NOBODY.product) }, 'BAD_USER_INPUT input.productIds'],
  ])('refuses the input %#', async (input, why) => {
    expect(await refused(create, input)).toBe(why);
  });
});

describe('updatePromotion', () => {
  it('changes what is given and leaves the rest', async () => {
    const { id } = await make({ code: 'BEFORE', minSubtotal: { amount: '5' }, usageLimit: 10 });
    const [first, second] = [
      await makeCategory(shop, staff, { name: 'A' }),
      await makeCategory(shop, staff, { name: 'B' }),
    ];
    const changes = {
      name: 'After',
      code: 'after',
      percent: '7.25',
      enabled: false,
      categoryIds: [first.id, second.id],
    };
    const changed = await updated({ id, ...changes, expectedVersion: 1 });
    expect(changed).toMatchObject({ ...changes, code: 'AFTER', version: 2, usageLimit: 10 });
    expect(changed['minSubtotal']).toEqual({ amount: '5.00', currency: 'GBP' });
    const kept = await updated({ id, name: null, code: null, percent: null, enabled: null, categoryIds: null });
    expect(kept).toMatchObject({ ...changes, code: 'AFTER', version: 3, usageLimit: 10 });
  });

  it('takes away what is null: minimum, window and limits, but not the lists, which are emptied', async () => {
    const window = { startsAt: '2026-01-01T00:00:00.000Z', endsAt: '2027-01-01T00:00:00.000Z' };
    const limits = { usageLimit: 3, usageLimitPerCustomer: 1 };
    const category = await makeCategory(shop, staff, { name: 'Left' });
    const { id } = await make({ minSubtotal: { amount: '5' }, ...window, ...limits, categoryIds: [category.id] });
    const nothing = { minSubtotal: null, startsAt: null, endsAt: null, usageLimit: null, usageLimitPerCustomer: null };
    expect(await updated({ id, ...nothing, categoryIds: [] })).toMatchObject({
      ...nothing,
      categoryIds: [],
      percent: '10',
    });
  });

  it('keeps the ids of categories that are gone, so that it does not become one for everything', async () => {
    const category = await makeCategory(shop, staff, { name: 'Gone soon' });
    const { id } = await make({ categoryIds: [category.id] });
    const deletion =
      'mutation ($input: DeleteCategoryInput!) { deleteCategory(input: $input) { userErrors { code } } }';
    await change(shop, staff, deletion, { id: category.id });
    expect((await updated({ id, name: 'Still there' }))['categoryIds']).toEqual([category.id]);
  });

  it('lets one of many win who read the same version', async () => {
    const { id } = await make();
    const input = { id, name: 'First', expectedVersion: 1 };
    const answers = await Promise.all(Array.from({ length: 8 }, () => shop.send(update, { input }, staff.token)));
    const codes = answers.map(({ data }) => String(data['updatePromotion'].userErrors[0]?.code));
    expect(codes.toSorted()).toEqual([...Array<string>(7).fill('VERSION_CONFLICT'), 'undefined']);
  });

  it('refuses what does not fit what the promotion is', async () => {
    await make({ code: 'NOT-FREE' });
    const window = { startsAt: '2026-01-01T00:00:00Z', endsAt: '2027-01-01T00:00:00Z' };
    const { id } = await make({ code: 'TO-CHANGE', ...window });
    const automatic = await make({ kind: 'FREE_SHIPPING' });
    expect(await refused(update, { id: NO_PROMOTION, name: 'New' })).toBe('NOT_FOUND input.id');
    expect(await refused(update, { id, name: 'New', expectedVersion: 2 })).toBe(
      'VERSION_CONFLICT input.expectedVersion',
    );
    expect(await refused(update, { id, code: 'not-free' })).toBe('CODE_TAKEN input.code');
    expect(await refused(update, { id, productIds: [NOBODY.product] })).toBe('NOT_FOUND input.productIds');
    expect(await refused(update, { id, amount: { amount: '1' } })).toBe('BAD_USER_INPUT input.amount');
    expect(await refused(update, { id, endsAt: '2026-01-01T00:00:00Z' })).toBe('BAD_USER_INPUT input.endsAt');
    expect(await refused(update, { id, startsAt: '2028-01-01T00:00:00Z' })).toBe('BAD_USER_INPUT input.endsAt');
    expect(await refused(update, { id: automatic.id, percent: '5' })).toBe('BAD_USER_INPUT input.percent');
    expect(await refused(update, { id: automatic.id, code: 'NOW-ONE' })).toBe('BAD_USER_INPUT input.code');
  });

  it('counts afresh when a limit comes, and does not go below what was used', async () => {
    const made = await make({ code: 'LIMIT-LATER' });
    const rules = await rulesOf(shop, made);
    const orders = [];
    for (let n = 0; n < 3; n += 1) orders.push(await redeem(shop, rules));
    expect(await usedOf(made)).toBe(0);
    expect(await refused(update, { id: made.id, usageLimit: 2 })).toBe('BAD_USER_INPUT input.usageLimit');
    expect(await updated({ id: made.id, usageLimit: 3 })).toMatchObject({ usageLimit: 3, usedCount: 3 });
    expect(await usedOf(made)).toBe(3);
    await expect(redeem(shop, rules)).rejects.toMatchObject({ code: 'COUPON_USED_UP' });
    await updated({ id: made.id, usageLimit: 4 });
    await redeem(shop, rules);
    expect(await usedOf(made)).toBe(4);
    expect(await updated({ id: made.id, usageLimit: null })).toMatchObject({ usageLimit: null, usedCount: 4 });
    expect(await usedOf(made)).toBe(0);
    await giveBack(shop, orders[0] ?? randomUUID());
    expect(await usedOf(made)).toBe(0);
    expect(await updated({ id: made.id, usageLimit: 3 })).toMatchObject({ usedCount: 3 });
    expect(await usedOf(made)).toBe(3);
  });
});

describe('deletePromotion', () => {
  it('deletes what no order uses, also when one did', async () => {
    const made = await make({ code: 'GOING', usageLimit: 1 });
    const order = await redeem(shop, await rulesOf(shop, made));
    expect(await refused(remove, { id: made.id })).toBe('ILLEGAL_TRANSITION input.id');
    await giveBack(shop, order);
    const { deletedPromotionId } = await change(shop, staff, remove, { id: made.id, expectedVersion: 1 });
    expect(deletedPromotionId).toBe(made.id);
    expect(await usedOf(made)).toBeUndefined();
    expect((await make({ code: 'GOING' })).code).toBe('GOING');
  });

  it('refuses an unknown promotion and a stale version', async () => {
    const { id } = await make();
    await updated({ id, name: 'Newer' });
    expect(await refused(remove, { id: NO_PROMOTION })).toBe('NOT_FOUND input.id');
    expect(await refused(remove, { id, expectedVersion: 1 })).toBe('VERSION_CONFLICT input.expectedVersion');
  });
});
