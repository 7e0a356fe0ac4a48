import type { TypedDocumentNode } from '@apollo/client';
import { getOperationAST, print, type DocumentNode } from 'graphql';
import { Role } from '../../src/access/role.js';
import { signUp, type Account } from '../support/accounts.js';
import { makeCategory, makeProduct, type MadeCategory, type MadeProduct } from '../support/catalogue.js';
import { startShop, type Shop } from '../support/shop.js';

/** A shop with accounts, a category below another one, and a product that has everything. */
export interface LampShop {
  shop: Shop;
  customer: Account;
  staff: Account;
  admin: Account;
  /** A customer made for the case that runs. */
  somebody: Account;
  lighting: MadeCategory;
  deskLamps: MadeCategory;
  /** Where categories go that a case is done with. */
  attic: MadeCategory;
  /** The only product with pictures; costs 25.00 and 40.00. */
  brassLamp: MadeProduct;
}

/** Who sends a document; nobody in particular when left out. */
type Sender = 'customer' | 'somebody' | 'staff' | 'admin';

/** What is sent, by whom, and what must come back. */
export interface DocumentCase {
  name: string;
  text: string;
  as: Sender | undefined;
  /** SQL statements that the answer takes, however many products there are. */
  statements: number;
  variables: (lamps: LampShop) => object | Promise<object>;
  sees: (data: unknown, lamps: LampShop, variables: object) => Sight[] | Promise<Sight[]>;
}

/** Something that came back, and what it must match. */
type Sight = [actual: unknown, expected: unknown];

/** How one document is tried; the types come from the document. */
export interface Trial<T, V> {
  as?: Sender;
  statements: number;
  variables: (lamps: LampShop) => V | Promise<V>;
  sees: (data: T, lamps: LampShop, variables: V) => Sight[] | Promise<Sight[]>;
}

/** An entry of the table of documents. */
export function trial<T, V>(document: TypedDocumentNode<T, V>, how: Trial<T, V>): DocumentCase {
  return {
    name: nameOf(document),
    text: print(document),
    as: how.as,
    statements: how.statements,
    variables: (lamps) => how.variables(lamps) as object,
    sees: (data, lamps, variables) => how.sees(data as T, lamps, variables as V),
  };
}

/** Name of the operation of a document. */
export function nameOf(document: DocumentNode): string {
  return getOperationAST(document)?.name?.value ?? '';
}

/** Starts the shop that the documents are sent to. */
export async function startLampShop(): Promise<LampShop> {
  const shop = await startShop();
  const customer = await signUp(shop, { name: 'Ada' });
  const staff = await signUp(shop, { name: 'Cy', roles: [Role.STAFF] });
  const admin = await signUp(shop, { name: 'Di', roles: [Role.ADMIN] });
  const lighting = await makeCategory(shop, staff, { name: 'Lighting', description: 'All that shines.' });
  const deskLamps = await makeCategory(shop, staff, { name: 'Desk lamps', parentId: lighting.id });
  const attic = await makeCategory(shop, staff, { name: 'Attic' });
  const brassLamp = await makeProduct(shop, staff, {
    name: 'Brass lamp',
    description: 'Shines on a desk.',
    categoryId: deskLamps.id,
    attributes: [{ name: 'Brand', value: 'Acme' }],
    images: [{ url: 'https://shop.example/brass.jpg', alt: 'A lamp of brass' }],
    variants: [
      { sku: 'BRASS-S', options: [{ name: 'Size', value: 'S' }], price: { amount: '25.00' }, stock: 7 },
      {
        sku: 'BRASS-L',
        options: [{ name: 'Size', value: 'L' }],
        price: { amount: '40.00' },
        compareAtPrice: { amount: '45.00' },
      },
    ],
  });
  return { shop, customer, staff, admin, somebody: customer, lighting, deskLamps, attic, brassLamp };
}
