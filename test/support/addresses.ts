import type { Account } from './accounts.js';
import { change } from './catalogue.js';
import type { Shop } from './shop.js';

/** An id of the right shape that leads to nothing. */
export const NO_ADDRESS = 'address_0198f2c4d1e27abc8def0123456789ab';

const SAVED = `
  id address { fullName company line1 line2 city region postalCode country phone }
  isDefaultShipping isDefaultBilling version createdAt updatedAt`;

/** The changes of address books. */
export const ADDRESS_CHANGES = {
  create: `mutation ($input: CreateAddressInput!) {
    createAddress(input: $input) { address { ${SAVED} } user { id addresses { ${SAVED} } } userErrors { code field } }
  }`,
  update: `mutation ($input: UpdateAddressInput!) {
    updateAddress(input: $input) { address { ${SAVED} } user { id addresses { ${SAVED} } } userErrors { code field } }
  }`,
  delete: `mutation ($input: DeleteAddressInput!) {
    deleteAddress(input: $input) { deletedAddressId user { id addresses { ${SAVED} } } userErrors { code field } }
  }`,
};

const LONDON = {
  fullName: 'Ada Lovelace',
  line1: '12 St James Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  country: 'GB',
};

/** Input of an address in London; whatever is given replaces that. */
export function anAddress<T extends object>(traits?: T): typeof LONDON & T;
export function anAddress(traits: object = {}): object {
  return { ...LONDON, ...traits };
}

/** Adds an address to somebody's book through the API. */
export async function makeAddress(shop: Shop, by: Account, input: object): Promise<{ id: string; version: number }> {
  return (await change(shop, by, ADDRESS_CHANGES.create, input))['address'];
}

/** Adds so many addresses to somebody's book, straight in the database. */
export async function manyAddresses(shop: Shop, { uuid }: Account, count: number): Promise<void> {
  await shop.database.query(
    'test.manyAddresses',
    `INSERT INTO saved_addresses (user_id, address) SELECT $1, $2 FROM generate_series(1, $3::int)`,
    [uuid, JSON.stringify(anAddress()), count],
  );
}
