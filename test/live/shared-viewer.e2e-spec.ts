import { Role } from '../../src/access/role.js';
import { isStaff } from '../../src/access/viewer.js';
import type { ShopContext } from '../../src/graphql/context.js';
import { ScopeExceeded } from '../../src/live/shared-context.js';
import { aViewer, follow, handMade, happen, reading } from '../support/hand-made-live.js';
import { startShop, type Shop } from '../support/shop.js';

let shop: Shop;
/** What the server logs of its errors. */
const lines: string[] = [];

beforeAll(async () => {
  shop = await startShop();
  const ignore = (): void => undefined;
  shop.app.useLogger({ log: ignore, warn: ignore, error: (line: unknown) => void lines.push(String(line)) });
});

afterAll(() => shop?.close());

const isStaffOf = ({ viewer }: ShopContext): boolean => isStaff(viewer);

describe('a field that reads more of the viewer than it declares', () => {
  const all: unknown[] = [];
  /** Reads something, and remembers what that came to. */
  const probing =
    (read: (context: ShopContext) => unknown) =>
    (context: ShopContext): string => {
      try {
        all.push(read(context));
      } catch (error) {
        all.push(error);
        throw error;
      }
      return 'read';
    };

  const viewer = aViewer(Role.USER);
  const id = ({ viewer: who }: ShopContext): unknown => who?.id;
  const session = ({ viewer: who }: ShopContext): unknown => who?.sessionId;
  const expiry = ({ viewer: who }: ShopContext): unknown => who?.expiresAt;
  const address = (context: ShopContext): unknown => context.address;

  /** Executes one field of a scope for one event. */
  async function told(
    scope: 'public' | 'role' | 'user' | undefined,
    read: (context: ShopContext) => unknown,
    who = viewer,
  ): Promise<object> {
    all.length = 0;
    const schema = handMade({ probe: reading(probing(read), scope) });
    const listener = await follow(shop, { schema, query: 'subscription { told { probe number } }', viewer: who });
    await happen(shop, [1]);
    const [answer] = await listener.results(1);
    listener.leave();
    return { ...answer };
  }

  it('fails, and everything around it is told', async () => {
    const wrong = [
      ['public', id],
      ['public', isStaffOf],
      ['public', session],
      ['public', address],
      ['role', id],
      ['role', session],
      ['role', expiry],
      ['role', address],
      ['user', session],
      ['user', expiry],
      ['user', address],
      [undefined, session],
    ] as const;
    for (const [scope, read] of wrong) {
      expect(await told(scope, read)).toMatchObject({
        data: { told: { probe: null, number: 1 } },
        errors: [{ path: ['told', 'probe'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
      });
      expect(all).toEqual([expect.any(ScopeExceeded)]);
      expect(lines.splice(0)).toEqual([expect.stringContaining('declare a wider @ViewerScope')]);
    }
  });

  it('is told what it declares', async () => {
    const right = [
      ['role', isStaffOf, false],
      ['user', id, viewer.id],
      [undefined, id, viewer.id],
    ] as const;
    for (const [scope, read, value] of right) {
      expect(await told(scope, read)).toEqual({ data: { told: { probe: 'read', number: 1 } } });
      expect(all).toEqual([value]);
    }
    await told('role', isStaffOf, aViewer(Role.STAFF));
    expect(all).toEqual([true]);
  });
});
