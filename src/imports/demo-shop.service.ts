import { fileURLToPath } from 'node:url';
import { Injectable } from '@nestjs/common';
import type { Role } from '../access/role.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import { TablesService } from '../pricing/tables.service.js';
import { UsersService } from '../users/users.service.js';
import { DemoShopQueries } from './demo-shop.queries.js';
import { demoTables } from './demo-tables.js';
import type { ImportSummary } from './imports.type.js';
import { ProductImportService } from './product-import.service.js';

/** An account of the demo shop. */
export interface DemoAccount {
  email: string;
  name: string;
  passwordHash: string;
  roles: readonly Role[];
}

// The data lie two folders above both src/imports and dist/imports.
const CATALOGUE = fileURLToPath(new URL('../../data/demo-products.ndjson', import.meta.url));

/** Fills a shop with things to look at. */
@Injectable()
export class DemoShopService {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly products: ProductImportService,
    private readonly tables: TablesService,
    private readonly queries: DemoShopQueries,
  ) {}

  /** Whether the shop has any product or account, and which of these addresses have one. */
  state(emails: readonly string[]): Promise<{ used: boolean; known: string[] }> {
    return this.queries.state(this.database, emails);
  }

  /**
   * Adds the demo catalogue and those accounts that are not there, and sets taxes and shipping where nobody has set them,
   * all of it in one transaction. May be repeated.
   */
  fill(accounts: readonly DemoAccount[]): Promise<ImportSummary> {
    return this.database.transaction(async (tx) => {
      await this.queries.takeTurn(tx);
      return this.write(tx, accounts);
    });
  }

  /** The same, but only where there is no product and no account. Answers `null` when there is one. */
  fillEmpty(accounts: readonly DemoAccount[]): Promise<ImportSummary | null> {
    return this.database.transaction(async (tx) => {
      await this.queries.takeTurn(tx);
      const { used } = await this.queries.state(tx, []);
      return used ? null : this.write(tx, accounts);
    });
  }

  private async write(tx: Tx, accounts: readonly DemoAccount[]): Promise<ImportSummary> {
    const { known } = await this.queries.state(
      tx,
      accounts.map(({ email }) => email),
    );
    for (const account of accounts) if (!known.includes(account.email)) await this.users.create(tx, account);
    await this.tables.setUntouched(tx, demoTables(this.config.shopCurrency));
    // The amounts have two decimal places; the shop's currency may have none.
    return this.products.within(tx, CATALOGUE, { roundPrices: true });
  }
}
