import { signUp, snapshot, type Account } from './support/accounts.js';
import { ADDRESS_CHANGES, anAddress, makeAddress } from './support/addresses.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

const { create, update } = ADDRESS_CHANGES;
const LONGEST = {
  fullName: 100,
  company: 100,
  line1: 200,
  line2: 200,
  city: 100,
  region: 100,
  postalCode: 20,
  phone: 40,
};

let shop: Shop;
let owner: Account;

beforeAll(async () => {
  shop = await startShop();
  owner = await signUp(shop);
});

afterAll(() => shop?.close());

const send = (document: string, input: object): Promise<Answer> => shop.send(document, { input }, owner.token);
const sized = (extra: number): object =>
  Object.fromEntries(Object.entries(LONGEST).map(([field, length]) => [field, 'ü'.repeat(length + extra)]));

/** Paths of the values that are not acceptable, for new addresses and changes alike. Nothing may have changed. */
async function wrongPaths(traits: object): Promise<string[]> {
  const { id } = await makeAddress(shop, owner, { address: anAddress() });
  const before = await snapshot(shop, 'saved_addresses');
  const address = anAddress(traits);
  const answers = [await send(create, { address }), await send(update, { id, address })];
  expect(await snapshot(shop, 'saved_addresses')).toBe(before);
  const [one, two] = answers.map(({ errors }) => {
    expect(errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
    return (errors?.[0]?.extensions['fields'] ?? []).map(({ path }: { path: string }) => path);
  });
  expect(two).toEqual(one);
  return one;
}

describe('an address', () => {
  it.each([
    [
      { fullName: '  Ada\u3000', city: '\tYork\n', country: 'gb' },
      { fullName: 'Ada', city: 'York', country: 'GB' },
    ],
    [
      { company: ' ', line2: '', region: null, postalCode: ' ', phone: '' },
      { company: null, line2: null, region: null },
    ],
    [
      { postalCode: ' SW1Y 4JH ', phone: ' +44 20 ' },
      { postalCode: 'SW1Y 4JH', phone: '+44 20' },
    ],
    [sized(0), sized(0)],
    [
      { country: 'xk', postalCode: undefined },
      { country: 'XK', postalCode: null },
    ],
  ])('is kept without what does not matter: %#', async (given, kept) => {
    const { data } = await send(create, { address: anAddress(given) });
    expect(data['createAddress'].address.address).toMatchObject(kept);
  });

  it('names every value that is missing, too long, or more than a line', async () => {
    const paths = (...fields: string[]): string[] => fields.map((field) => `input.address.${field}`);
    expect(await wrongPaths(sized(1))).toEqual(paths(...Object.keys(LONGEST)));
    expect(await wrongPaths({ fullName: '', line1: ' ', city: '\n' })).toEqual(paths('fullName', 'line1', 'city'));
    expect(await wrongPaths({ line1: 'Elm\nStreet', phone: '1\u0007' })).toEqual(paths('line1', 'phone'));
  });

  it.each(['ZZ', 'GBR', 'UK', '', ' GB', '44'])('is in no country %j', async (country) => {
    expect(await wrongPaths({ country })).toEqual(['input.address.country']);
  });

  it('takes a country that is written in the document as one that is sent beside it', async () => {
    const { id } = await makeAddress(shop, owner, { address: anAddress() });
    const move = (country: string): Promise<Answer> =>
      shop.send(
        `mutation { updateAddress(input: { id: "${id}", address: { fullName: "A", line1: "B", city: "C", country: "${country}" } }) {
          address { version address { country postalCode } }
        } }`,
        {},
        owner.token,
      );
    expect((await move('ZZ')).errors?.[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
    const address = { version: 2, address: { country: 'DE', postalCode: null } };
    expect((await move('de')).data).toEqual({ updateAddress: { address } });
  });
});
