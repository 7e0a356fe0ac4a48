/** What a request of each kind asks for. Ids are UUIDs as the tables hold them, amounts are minor units. */
export interface Asked {
  /** The page of a product: images, stock, variants, its category and the two above that. */
  productPage: { slug: string };
  /** Twenty products of a category, newest first, after some others. */
  categoryList: { categoryId: string; position: number };
  /** A hundred products with their category and the one above it, newest first, after many others: by cursor. */
  deepList: { position: number };
  /** The same by number. */
  skippedList: { position: number };
  /** Products by word and price, cheapest first: 20, and how many there are. */
  search: { word: string; minMinor: number; maxMinor: number };
  /** The newest 10 orders of whoever asks, with lines, variants and products. */
  myOrders: { userId: string };
  /** An order of several lines, on account. */
  order: { userId: string; lines: { variantId: string; quantity: number }[] };
  /** The categories below one, each with 20 products with their category. */
  branch: { slug: string; position: number };
}

export type Kind = keyof Asked;

/** A request of any kind. */
export type AnyAsked = { [K in Kind]: { kind: K; asked: Asked[K] } }[Kind];

/** One line of the table. */
export interface Work {
  name: string;
  title: string;
  kind: Kind;
  /** It changes the database, so each measurement gets a fresh one. */
  writes?: boolean;
  /** Every order has one product in common. */
  hot?: boolean;
  /** The server may keep its answers in memory. Compared with a server of static bytes. */
  kept?: boolean;
}

/** Everything that is measured under load. */
export const WORKS: readonly Work[] = [
  { name: 'W1', title: 'product page by slug', kind: 'productPage' },
  { name: 'W2', title: '20 products of a category', kind: 'categoryList' },
  { name: 'W3', title: '100 products, deep, by cursor', kind: 'deepList' },
  { name: 'W3s', title: '100 products, deep, by number', kind: 'skippedList' },
  { name: 'W4', title: 'word + price range, by price, 20 + total', kind: 'search' },
  { name: 'W5', title: '10 newest orders with lines with products', kind: 'myOrders' },
  { name: 'W6', title: 'order of 3 lines', kind: 'order', writes: true },
  { name: 'W6h', title: 'order of 3 lines, one hot product', kind: 'order', writes: true, hot: true },
  { name: 'W7', title: "a category's 5 children with 20 products", kind: 'branch' },
  { name: 'K1', title: 'W1, answers kept', kind: 'productPage', kept: true },
  { name: 'K2', title: 'W2, answers kept', kind: 'categoryList', kept: true },
];

/** Of each work, so that no answer is hot. */
export const REQUESTS = 400;
