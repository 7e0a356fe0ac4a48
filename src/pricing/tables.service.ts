import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import type { SetShippingMethodsInput, SetTaxRatesInput } from './tables.inputs.js';
import { TablesQueries } from './tables.queries.js';
import { shippingMethodOf, taxRateOf } from './tables.rules.js';
import type { ShippingMethodRow, TaxRateRow } from './tables.type.js';

/** Both tables of a shop. */
export interface PriceTables {
  taxRates: readonly TaxRateRow[];
  /** In the order in which they are shown. */
  shippingMethods: readonly ShippingMethodRow[];
}

/** The tables that tax and shipping follow. Whoever replaces one replaces all of it: tables never mix. */
@Injectable()
export class TablesService {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly queries: TablesQueries,
  ) {}

  /** By country, the rate of all others last. */
  taxRates(): Promise<TaxRateRow[]> {
    return this.queries.taxRates(this.database);
  }

  /** In the order in which they are shown. */
  shippingMethods(): Promise<ShippingMethodRow[]> {
    return this.queries.shippingMethods(this.database);
  }

  /** Answers the new table. */
  setTaxRates({ rates }: SetTaxRatesInput): Promise<TaxRateRow[]> {
    const rows = rates.map(taxRateOf);
    return this.database.transaction(async (tx) => {
      await this.queries.takeTurn(tx);
      await this.queries.replaceTaxRates(tx, rows);
      return this.queries.taxRates(tx);
    });
  }

  /** Answers the new table. @throws CurrencyMismatch, BadUserInput */
  setShippingMethods({ methods }: SetShippingMethodsInput): Promise<ShippingMethodRow[]> {
    const path = ['input', 'methods'];
    const rows = methods.map((method, index) =>
      shippingMethodOf(method, this.config.shopCurrency, [...path, String(index)]),
    );
    return this.database.transaction(async (tx) => {
      await this.queries.takeTurn(tx);
      await this.queries.replaceShippingMethods(tx, rows);
      return this.queries.shippingMethods(tx);
    });
  }

  /** Sets those of the tables that are as in a new shop, within a running transaction. */
  async setUntouched(tx: Tx, { taxRates, shippingMethods }: PriceTables): Promise<void> {
    await this.queries.takeTurn(tx);
    const untouched = await this.queries.untouched(tx);
    if (untouched.taxRates) await this.queries.replaceTaxRates(tx, taxRates);
    if (untouched.shippingMethods) await this.queries.replaceShippingMethods(tx, shippingMethods);
  }
}
