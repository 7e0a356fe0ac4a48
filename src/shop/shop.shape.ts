import type { Config } from '../config/config.js';
import { VERSION } from '../config/version.js';
import type { KeptType } from '../plans/made-from.js';
import type { Shape } from '../plans/shape.js';
import { constant } from '../plans/sql-json.js';

/** The root field of this room. What it shows never changes while the server runs. */
export const SHOP_QUERIES: Shape<null> = { shop: (_, asked) => asked.of('Shop', null) };

/** Made from settings. */
export const KEPT_SHOP: Record<string, KeptType> = {
  Query: { fields: { shop: [] } },
  Shop: { fields: { name: [], currency: [], version: [] } },
};

/** The shop itself, as ShopResolver shows it. */
export function shopShape({ shopName, shopCurrency }: Config): Shape<null> {
  return {
    name: () => constant(shopName),
    currency: () => constant(shopCurrency),
    version: () => constant(VERSION),
  };
}
