import { Role } from '../src/access/role.js';
import { DemoShopService, type DemoAccount } from '../src/imports/demo-shop.service.js';
import { signUp, type Account } from './support/accounts.js';
import { codeOf, countOf } from './support/catalogue.js';
import {
  aMethod,
  aRate,
  SET_SHIPPING_METHODS,
  SET_TAX_RATES,
  SHIPPING_METHODS,
  TAX_RATES,
} from './support/price-tables.js';
import { startShop, type Shop } from './support/shop.js';

let shop: Shop;
let admin: Account;

beforeAll(async () => {
  shop = await startShop();
  admin = await signUp(shop, { roles: [Role.ADMIN] });
});

afterAll(() => shop?.close());

const gbp = (amount: string): object => ({ amount, currency: 'GBP' });

async function read(document: string, of = shop): Promise<any[]> {
  const { data, errors } = await of.send(document);
  expect(errors).toBeUndefined();
  return Object.values(data)[0];
}

/** Sends a table that must be taken, and answers what the payload says that it is now. */
async function set(document: string, input: object, by = admin): Promise<any[]> {
  const { data, errors } = await shop.send(document, { input }, by.token);
  expect(errors).toBeUndefined();
  const { userErrors, ...tables } = Object.values(data)[0];
  expect(userErrors).toEqual([]);
  return Object.values(tables)[0] as any[];
}

/** Sends a table that must not be taken: why, and where. Both tables are what they were. */
async function refusal(document: string, input: object): Promise<string> {
  const before = [await read(TAX_RATES), await read(SHIPPING_METHODS)];
  const answer = await shop.send(document, { input }, admin.token);
  expect([await read(TAX_RATES), await read(SHIPPING_METHODS)]).toEqual(before);
  const { data, errors } = answer;
  if (!errors) expect(Object.values(Object.values(data)[0])[0]).toBeNull();
  const at = errors
    ? errors.flatMap(({ extensions }) => extensions['fields'].map(({ path }: { path: string }) => path))
    : Object.values(data)[0].userErrors.map(({ field }: { field: string[] }) => field.join('.'));
  return [codeOf(answer), ...at].join(' ');
}

describe('the tables', () => {
  it.each<[string, object, string[]]>([
    [TAX_RATES, {}, ['OK', 'OK', 'OK', 'OK']],
    [SHIPPING_METHODS, {}, ['OK', 'OK', 'OK', 'OK']],
    [SET_TAX_RATES, { rates: [aRate()] }, ['UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN', 'OK']],
    [SET_SHIPPING_METHODS, { methods: [aMethod()] }, ['UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN', 'OK']],
  ])('are read by everybody and set by admins: %s', async (document, input, expected) => {
    const customer = await signUp(shop, { roles: [Role.USER] });
    const staff = await signUp(shop, { roles: [Role.STAFF] });
    const rows = (): Promise<string> =>
      shop.database
        .query('test.tables', 'SELECT t::text FROM tax_rates t UNION ALL SELECT m::text FROM shipping_methods m')
        .then((all) => JSON.stringify(all));
    const codes: string[] = [];
    for (const by of [undefined, customer, staff, admin]) {
      const before = await rows();
      codes.push(codeOf(await shop.send(document, { input }, by?.token)));
      if (by !== admin) expect(await rows()).toBe(before);
    }
    expect(codes).toEqual(expected);
  });

  it('take one statement to read', async () => {
    for (const document of [TAX_RATES, SHIPPING_METHODS]) {
      expect((await shop.send(document)).extensions.sql.statements).toBe(1);
    }
  });
});

describe('setTaxRates', () => {
  it('replaces the whole table, and answers it by country with all others last', async () => {
    const rates = [
      aRate({ country: null, name: ' Tax ', pricesIncludeTax: false, standardRate: '0', reducedRate: null }),
      aRate({ country: 'fr', standardRate: '20.00', reducedRate: '5.50' }),
      aRate({ country: 'DK', standardRate: '25', reducedRate: null }),
      aRate({ country: 'AT', standardRate: '99.99', reducedRate: '0.01' }),
    ];
    const expected = [
      { country: 'AT', name: 'VAT', pricesIncludeTax: true, standardRate: '99.99', reducedRate: '0.01' },
      { country: 'DK', name: 'VAT', pricesIncludeTax: true, standardRate: '25', reducedRate: '25' },
      { country: 'FR', name: 'VAT', pricesIncludeTax: true, standardRate: '20', reducedRate: '5.5' },
      { country: null, name: 'Tax', pricesIncludeTax: false, standardRate: '0', reducedRate: '0' },
    ];
    expect(await set(SET_TAX_RATES, { rates })).toEqual(expected);
    expect(await read(TAX_RATES)).toEqual(expected);
    const others = [aRate({ country: 'FR', standardRate: '100' }), aRate({ country: 'GB' })];
    const after = await set(SET_TAX_RATES, { rates: others });
    expect(after.map(({ country, standardRate }) => [country, standardRate])).toEqual([
      ['FR', '100'],
      ['GB', '20'],
    ]);
    expect(await set(SET_TAX_RATES, { rates: [] })).toEqual([]);
    expect(await read(TAX_RATES)).toEqual([]);
  });

  it.each<[object[], string]>([
    [[aRate(), aRate({ country: 'gb' })], 'input.rates'],
    [[aRate({ country: null }), aRate({ country: null })], 'input.rates'],
    [Array.from({ length: 301 }, () => aRate()), 'input.rates'],
    [[aRate(), aRate({ country: 'FR', standardRate: '100.01' })], 'input.rates.1.standardRate'],
    [[aRate({ standardRate: '-1' })], 'input.rates.0.standardRate'],
    [[aRate({ standardRate: '17.125' })], 'input.rates.0.standardRate'],
    [[aRate({ reducedRate: '0.001' })], 'input.rates.0.reducedRate'],
    [[aRate({ name: ' ' })], 'input.rates.0.name'],
    [[aRate({ name: 'x'.repeat(101) })], 'input.rates.0.name'],
  ])('refuses the table %#', async (rates, path) => {
    await set(SET_TAX_RATES, { rates: [aRate()] });
    expect(await refusal(SET_TAX_RATES, { rates })).toBe(`BAD_USER_INPUT ${path}`);
  });

  it('refuses what is no country or no number', async () => {
    for (const traits of [{ country: 'XX' }, { country: '*' }, { country: 'GBR' }, { standardRate: '5 %' }]) {
      expect(await refusal(SET_TAX_RATES, { rates: [aRate(traits)] })).toMatch(/^BAD_USER_INPUT /);
    }
  });
});

describe('setShippingMethods', () => {
  it('replaces the whole table, in the order given', async () => {
    const weights = [
      { price: { amount: '6.5' } },
      { fromGrams: 2_000, price: { amount: '10', currency: 'GBP' } },
      { fromGrams: 30_001, price: null },
    ];
    const amounts = [
      { fromAmount: { amount: '0' }, price: { amount: '3.99' } },
      { fromAmount: { amount: '50.00' }, price: { amount: '0' } },
    ];
    const methods = [
      aMethod({ code: 'express-1', name: ' Express ', countries: ['gb', 'IE'], basis: 'WEIGHT', bands: weights }),
      aMethod({ bands: amounts }),
    ];
    const express = {
      code: 'express-1',
      name: 'Express',
      countries: ['GB', 'IE'],
      basis: 'WEIGHT',
      bands: [
        { fromAmount: null, fromGrams: 0, price: gbp('6.50') },
        { fromAmount: null, fromGrams: 2_000, price: gbp('10.00') },
        { fromAmount: null, fromGrams: 30_001, price: null },
      ],
    };
    const standard = {
      code: 'standard',
      name: 'Standard',
      countries: [],
      basis: 'PRICE',
      bands: [
        { fromAmount: gbp('0.00'), fromGrams: null, price: gbp('3.99') },
        { fromAmount: gbp('50.00'), fromGrams: null, price: gbp('0.00') },
      ],
    };
    expect(await set(SET_SHIPPING_METHODS, { methods })).toEqual([express, standard]);
    expect(await read(SHIPPING_METHODS)).toEqual([express, standard]);
    expect(await set(SET_SHIPPING_METHODS, { methods: methods.toReversed() })).toEqual([standard, express]);
    expect(await set(SET_SHIPPING_METHODS, { methods: [methods[1]] })).toEqual([standard]);
    expect(await set(SET_SHIPPING_METHODS, { methods: [] })).toEqual([]);
  });

  const money = (amount: string, currency = 'GBP'): object => ({ amount, currency });
  const steps = (...bands: object[]): object[] => [aMethod({ bands })];
  const weighed = (...bands: object[]): object[] => [aMethod({ basis: 'WEIGHT', bands })];

  it.each<[object[], string]>([
    [[aMethod(), aMethod()], 'BAD_USER_INPUT input.methods'],
    [Array.from({ length: 51 }, (_, n) => aMethod({ code: `m${n}` })), 'BAD_USER_INPUT input.methods'],
    [[aMethod({ code: 'Fast Lane' })], 'BAD_USER_INPUT input.methods.0.code'],
    [[aMethod({ code: 'x'.repeat(51) })], 'BAD_USER_INPUT input.methods.0.code'],
    [[aMethod({ countries: ['GB', 'gb'] })], 'BAD_USER_INPUT input.methods.0.countries'],
    [steps(), 'BAD_USER_INPUT input.methods.0.bands'],
    [steps(...Array.from({ length: 21 }, () => ({}))), 'BAD_USER_INPUT input.methods.0.bands'],
    [steps({ fromAmount: money('0.01') }), 'BAD_USER_INPUT input.methods.0.bands.0.fromAmount'],
    [
      steps({}, { fromAmount: money('9') }, { fromAmount: money('9.00') }),
      'BAD_USER_INPUT input.methods.0.bands.2.fromAmount',
    ],
    [weighed({ fromGrams: 1 }), 'BAD_USER_INPUT input.methods.0.bands.0.fromGrams'],
    [weighed({}, { fromGrams: 5 }, { fromGrams: 4 }), 'BAD_USER_INPUT input.methods.0.bands.2.fromGrams'],
    [weighed({ fromGrams: -1 }), 'BAD_USER_INPUT input.methods.0.bands.0.fromGrams'],
    [weighed({ fromAmount: money('0') }), 'BAD_USER_INPUT input.methods.0.bands.0.fromAmount'],
    [steps({ fromGrams: 0 }), 'BAD_USER_INPUT input.methods.0.bands.0.fromGrams'],
    [steps({ price: money('-1') }), 'BAD_USER_INPUT input.methods.0.bands.0.price.amount'],
    [steps({ price: money('1.001') }), 'BAD_USER_INPUT input.methods.0.bands.0.price.amount'],
    [[aMethod(), ...steps({ price: money('1') })], 'BAD_USER_INPUT input.methods'],
    [steps({ price: money('1', 'EUR') }), 'CURRENCY_MISMATCH input.methods.0.bands.0.price'],
    [steps({}, { fromAmount: money('1', 'EUR') }), 'CURRENCY_MISMATCH input.methods.0.bands.1.fromAmount'],
  ])('refuses the table %#', async (methods, expected) => {
    await set(SET_SHIPPING_METHODS, { methods: [aMethod()] });
    expect(await refusal(SET_SHIPPING_METHODS, { methods })).toBe(expected);
  });

  it('takes the largest tables', async () => {
    const bands = Array.from({ length: 20 }, (_, n) => ({ fromGrams: n, price: money(`${n}`) }));
    const methods = Array.from({ length: 50 }, (_, n) => aMethod({ code: `m${n}`, basis: 'WEIGHT', bands }));
    const after = await set(SET_SHIPPING_METHODS, { methods });
    expect(after.map((method) => [method.code, method.bands.length])).toEqual(methods.map((_, n) => [`m${n}`, 20]));
  });
});

describe('the demo shop', () => {
  const nobody = (): DemoAccount[] => [];
  const seed = (of: Shop): Promise<unknown> => of.app.get(DemoShopService, { strict: false }).fill(nobody());

  it('has taxes and ways to deliver', async () => {
    const demo = await startShop();
    try {
      await seed(demo);
      const rates = await read(TAX_RATES, demo);
      expect(rates).toHaveLength(12);
      expect(rates).toContainEqual({
        country: 'GB',
        name: 'VAT',
        pricesIncludeTax: true,
        standardRate: '20',
        reducedRate: '5',
      });
      expect(rates.at(-1)).toEqual({
        country: null,
        name: 'Tax',
        pricesIncludeTax: false,
        standardRate: '0',
        reducedRate: '0',
      });
      const methods = await read(SHIPPING_METHODS, demo);
      expect(methods.map(({ code }) => code)).toEqual(['standard', 'express', 'international']);
      expect(methods[0].bands[1]).toEqual({ fromAmount: gbp('50.00'), fromGrams: null, price: gbp('0.00') });
      expect(methods[1].bands[0]).toEqual({ fromAmount: null, fromGrams: 0, price: gbp('6.99') });
    } finally {
      await demo.close();
    }
  });

  it('keeps what somebody has set, table by table', async () => {
    await set(SET_TAX_RATES, { rates: [] });
    await set(SET_SHIPPING_METHODS, { methods: [aMethod({ code: 'own' })] });
    await seed(shop);
    expect(await countOf(shop, 'SELECT count(*) AS n FROM tax_rates')).toBe(12);
    expect((await read(SHIPPING_METHODS)).map(({ code }) => code)).toEqual(['own']);
    await set(SET_TAX_RATES, { rates: [aRate()] });
    await seed(shop);
    expect((await read(TAX_RATES)).map(({ country }) => country)).toEqual(['GB']);
  });
});
