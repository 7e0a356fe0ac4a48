import type { Addresses } from '../app.js';
import type { Config } from '../config/config.js';
import { VERSION } from '../config/version.js';
import { DEMO_ACCOUNTS } from './demo-accounts.js';

/** What a person wants to know when the server is up. */
export function banner({
  config,
  addresses,
  place,
  demo,
  workers = 1,
}: {
  config: Config;
  addresses: Addresses;
  place: string;
  /** Whether the demo accounts are there. */
  demo: boolean;
  /** How many processes answer. */
  workers?: number;
}): string {
  const lines: [string, string][] = [
    ['GraphQL', addresses.graphql],
    ['Subscriptions', addresses.subscriptions],
    ...(addresses.ide === null ? [] : [['IDE', addresses.ide] as [string, string]]),
    ...(demo
      ? DEMO_ACCOUNTS.map(({ email, password, title }) => [title, `${email} / ${password}`] as [string, string])
      : []),
    ['Data', place],
    ...(workers === 1
      ? []
      : [['Workers', `${workers}; restart them with: kill -HUP ${process.pid}`] as [string, string]]),
    ['Stop', 'Ctrl-C'],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  const body = lines.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n');
  return `\n  Souk ${VERSION} · ${config.shopName} is open\n\n${body}\n`;
}
