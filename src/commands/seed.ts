import type { INestApplicationContext } from '@nestjs/common';
import { PasswordHasher } from '../auth/password-hasher.service.js';
import { ConfigError, loadConfig, type Config } from '../config/config.js';
import { DemoShopService, type DemoAccount } from '../imports/demo-shop.service.js';
import { UsersService } from '../users/users.service.js';
import { CommandError } from './command-error.js';
import { DEMO_ACCOUNTS } from './demo-accounts.js';
import { withShop } from './session.js';

const EMAILS = DEMO_ACCOUNTS.map(({ email }) => email);

/**
 * Fills an empty shop with the demo catalogue and accounts, where the configuration wants them.
 * A shop with any product or account is left alone. Answers whether the demo accounts are there.
 */
export async function seedFirstStart(shop: INestApplicationContext, config: Config): Promise<boolean> {
  if (config.demo !== 'on' || config.mode === 'production') return false;
  const demo = shop.get(DemoShopService);
  const { used, known } = await demo.state(EMAILS);
  if (used) return known.length === EMAILS.length;
  if (await demo.fillEmpty(await accounts(shop))) return true;
  return (await demo.state(EMAILS)).known.length === EMAILS.length;
}

/**
 * Adds what is missing of the demo catalogue and accounts, also to a shop in use.
 * @throws ConfigError in production
 */
export async function seed(): Promise<void> {
  if (loadConfig().mode === 'production') {
    throw new ConfigError([
      'NODE_ENV: expected development or test, given production (demo accounts have known passwords)',
    ]);
  }
  await withShop(async (shop) => {
    const demo = shop.get(DemoShopService);
    const { created, updated, unchanged, seconds } = await demo.fill(await accounts(shop));
    const parts = [`${created} created`, `${updated} updated`, `${unchanged} unchanged`];
    console.log(`Demo catalogue in ${seconds.toFixed(1)} s: ${parts.join(', ')}.`);
    for (const { title, email, password } of DEMO_ACCOUNTS) console.log(`${title}: ${email} / ${password}`);
  });
}

/**
 * A database that was filled in development must not open its doors in production: the passwords are public.
 * @throws CommandError that names the accounts
 */
export async function refuseDemoAccounts(shop: INestApplicationContext, config: Config): Promise<void> {
  if (config.mode !== 'production') return;
  const users = shop.get(UsersService, { strict: false });
  const hasher = shop.get(PasswordHasher, { strict: false });
  for (const { email, password } of DEMO_ACCOUNTS) {
    const found = await users.credentials({ email });
    if (found && (await hasher.verify(password, found.passwordHash))) {
      throw new CommandError(
        `This database has the demo account ${email} with its public password. Change the password or delete the account first.`,
      );
    }
  }
}

function accounts(shop: INestApplicationContext): Promise<DemoAccount[]> {
  const hasher = shop.get(PasswordHasher);
  return Promise.all(
    DEMO_ACCOUNTS.map(async ({ email, name, password, roles }) => ({
      email,
      name,
      roles,
      passwordHash: await hasher.hash(password),
    })),
  );
}
