import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { Role } from '../src/access/role.js';
import { PasswordHasher } from '../src/auth/password-hasher.service.js';
import { UsersService } from '../src/users/users.service.js';
import { startShop, type Shop } from './support/shop.js';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const QUIET = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
// A machine without a browser can still test everything else; where all is to be proven, a missing browser is a failure.
const inBrowser = CHROMIUM !== undefined || process.env['CI'] === 'true' ? it : it.skip;

describe('local IDE', () => {
  let shop: Shop;
  let browser: Browser | undefined;
  beforeAll(async () => {
    shop = await startShop();
    const passwordHash = await shop.app.get(PasswordHasher, { strict: false }).hash('admin123');
    const admin = { email: 'admin@example.com', name: 'Admin', passwordHash, roles: [Role.ADMIN] };
    await shop.database.transaction((tx) => shop.app.get(UsersService, { strict: false }).create(tx, admin));
  });
  afterAll(async () => {
    await browser?.close();
    await shop.close();
  });

  /** Opens a tab, sends what it holds, and answers when the result shows a text. */
  const send = async (page: Page, tab: string, result: string): Promise<void> => {
    await page.getByText(tab, { exact: true }).first().click();
    await page
      .locator('.cm-content', { hasText: tab === 'Sign in' ? 'mutation SignIn' : '' })
      .first()
      .waitFor();
    await page.getByText('Send Request').first().click();
    await page.getByText(result).last().waitFor();
  };

  inBrowser('signs in, changes a product and receives the event, all without the internet', async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
    const page = await browser.newPage();
    page.setDefaultTimeout(20_000);
    const origin = new URL(shop.url).origin;
    const outside: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(origin) && !/^(data|blob):/.test(request.url())) outside.push(request.url());
    });
    const received: string[] = [];
    const acknowledged = page.waitForEvent('websocket').then((socket) => socket.waitForEvent('framereceived'));
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => received.push(String(payload))));

    await page.goto(origin);
    await send(page, 'First query', '"totalCount"');
    await send(page, 'Sign in', '"accessToken"');
    await page.getByText('Live', { exact: true }).first().click();
    await page.getByText('Send Request').first().click();
    await acknowledged;
    await send(page, 'Change', '"LAMP-1"');
    await page.getByText('Live', { exact: true }).first().click();
    await page.getByText('"brass-lamp"').first().waitFor();
    expect(
      received
        .filter((frame) => frame.includes('"type":"next"'))
        .map((frame) => JSON.parse(frame).payload.data.productEvents.type),
    ).toEqual(['CREATED']);
    expect(outside).toEqual([]);
  });

  it('is not there in production', async () => {
    const production = await startShop({ NODE_ENV: 'production' });
    try {
      const origin = new URL(production.url).origin;
      expect((await fetch(`${origin}/ide/`)).status).toBe(404);
      expect((await fetch(origin)).status).toBe(404);
      expect((await fetch(production.url, { headers: { accept: 'text/html' } })).status).not.toBe(200);
      const schema = await production.send('{ __schema { queryType { name } } }');
      expect(schema.errors?.map(({ extensions }) => extensions.code)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
      expect(schema.extensions).toBeUndefined();
      const typo = await production.send('{ shop { nam } }');
      expect(typo.errors?.[0]?.message).not.toContain('Did you mean');
    } finally {
      await production.close();
    }
  });
});
