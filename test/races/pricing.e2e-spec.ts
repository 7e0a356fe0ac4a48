import { Role } from '../../src/access/role.js';
import { signUp, type Account } from '../support/accounts.js';
import { codeOf } from '../support/catalogue.js';
import {
  aMethod,
  aRate,
  SET_SHIPPING_METHODS,
  SET_TAX_RATES,
  SHIPPING_METHODS,
  TAX_RATES,
} from '../support/price-tables.js';
import { startShop, type Shop } from '../support/shop.js';

const COUNTRIES = ['AT', 'BE', 'DE', 'ES', 'FR', 'GB', 'IE', 'IT'];
const WRITERS = 12;

let shop: Shop;
let admin: Account;

beforeAll(async () => {
  shop = await startShop();
  admin = await signUp(shop, { roles: [Role.ADMIN] });
});

afterAll(() => shop?.close());

/** Every writer's table has another size and other rows, and each row tells who wrote it. */
const ratesOf = (writer: number): object[] =>
  COUNTRIES.filter((_, index) => (index + writer) % 3 !== 0).map((country) => aRate({ country, name: `W${writer}` }));
const methodsOf = (writer: number): object[] =>
  COUNTRIES.slice(writer % 5).map((country) => aMethod({ code: country.toLowerCase(), name: `W${writer}` }));

/** The writer whose whole table this is. Fails when it is nobody's. */
function writerOf(rows: { name: string; key: string }[], keysOf: (writer: number) => string[]): number {
  const writer = Number(rows[0]?.name.slice(1));
  expect(rows.map(({ name }) => name)).toEqual(rows.map(() => `W${writer}`));
  expect(rows.map(({ key }) => key)).toEqual(keysOf(writer));
  return writer;
}

it.each<[string, string, string, (writer: number) => object, (row: any) => string]>([
  ['taxRates', SET_TAX_RATES, TAX_RATES, (writer) => ({ rates: ratesOf(writer) }), ({ country }) => country],
  [
    'shippingMethods',
    SET_SHIPPING_METHODS,
    SHIPPING_METHODS,
    (writer) => ({ methods: methodsOf(writer) }),
    ({ code }) => code,
  ],
])(
  'tables of %s that are set at once never mix, neither for writers nor for readers',
  async (field, write, look, inputOf, keyOf) => {
    const keysOf = (writer: number): string[] =>
      (Object.values(inputOf(writer))[0] as object[]).map((row) => keyOf(row));
    const named = (rows: any[]): { name: string; key: string }[] =>
      rows.map((row) => ({ name: row.name, key: keyOf(row) }));
    expect(codeOf(await shop.send(write, { input: inputOf(0) }, admin.token))).toBe('OK');
    const writing = Array.from({ length: WRITERS }, async (_, writer) => {
      const answer = await shop.send(write, { input: inputOf(writer) }, admin.token);
      expect(codeOf(answer)).toBe('OK');
      // What a writer is answered is its own table, whoever came before or after.
      const [payload] = Object.values(answer.data);
      expect(writerOf(named(payload[field]), keysOf)).toBe(writer);
    });
    const reading = Array.from({ length: 3 * WRITERS }, async () => {
      const { data } = await shop.send(look);
      return writerOf(named(data[field]), keysOf);
    });
    await Promise.all([...writing, ...reading]);
    const { data } = await shop.send(look);
    expect(writerOf(named(data[field]), keysOf)).toBeLessThan(WRITERS);
  },
);
