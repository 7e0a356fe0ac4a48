import { CHANGES, type ToldCart } from '../scratch/documents.js';
import type { Answer } from '../scratch/shop-client.js';
import { basket, type Goods } from '../scratch/staff.js';
import { unitsInGuestCarts } from './prove.queries.js';
import { atOnce, equal, none, onlyCodes, type Evidence, type Round, type Stage } from './round.js';

type CartAnswer = Answer & { payload: { cart: ToldCart | null } | null };

/** Changes of one cart, and carts of one account, all at once. */
export const parallelCarts: Round = {
  name: 'carts',
  title: 'Parallel carts',
  promise: 'No change of a cart is lost, and an account has one cart.',
  async run(stage) {
    const { changes, openings } = stage.short ? { changes: 40, openings: 10 } : { changes: 60, openings: 20 };
    const goods = await stage.staff.goods('Carts', [1_000, 1_000, 1_000]);
    const [broken, units] = await changeOne(stage, goods, changes);
    const customer = await stage.customer();
    const [first] = goods;
    const opened = await atOnce(stage, Array<number>(openings).fill(1), (quantity) =>
      stage.client.send(CHANGES.createCart, { lines: basket([first, quantity]) }, { token: customer }),
    );
    const carts = new Set(opened.flatMap(({ payload }) => payload?.cart?.id ?? []));
    const most = Math.max(...opened.map(({ payload }) => unitsIn(payload?.cart, first)));
    return {
      figures: `${changes} changes of one cart at once: ${units} units, none lost; ${openings} carts opened at once by one account: ${carts.size} cart`,
      broken: [
        ...broken,
        ...onlyCodes(opened, 'OK'),
        ...equal('carts of one account', carts.size, 1),
        ...equal('units in the cart of the account', most, openings),
      ],
    };
  },
};

async function changeOne(
  stage: Stage,
  goods: readonly [Goods, Goods, Goods],
  changes: number,
): Promise<[Evidence[], number]> {
  const [added, alsoAdded, set] = goods;
  const cart = (await stage.client.send(CHANGES.createCart, { lines: basket([set, 5]) })).payload?.cart;
  const line = cart?.lines[0];
  if (!cart || !line) throw new Error('There is no cart.');
  const plan = Array.from({ length: changes }, (_, index) => ({
    thing: stage.random.pick([added, alsoAdded]),
    units: stage.random.integer(1, 3),
    isAdding: index % 3 > 0,
  }));
  const answers: CartAnswer[] = await atOnce(stage, plan, ({ thing, units, isAdding }) =>
    isAdding
      ? stage.client.send(CHANGES.addCartLines, { cartId: cart.id, lines: basket([thing, units]) })
      : stage.client.send(CHANGES.updateCartLines, { cartId: cart.id, lines: [{ id: line.id, quantity: units }] }),
  );
  const last = newest(answers);
  const kept = await unitsInGuestCarts(
    stage.database,
    goods.map(({ sku }) => sku),
  );
  const expected = (wanted: Goods): number =>
    plan.filter(({ isAdding, thing }) => isAdding && thing === wanted).reduce((sum, { units }) => sum + units, 0);
  const versions = new Set(answers.map(({ payload }) => payload?.cart?.version));
  const misled = plan.filter(({ units, isAdding }, index) => {
    return !isAdding && unitsIn(answers[index]?.payload?.cart, set) !== units;
  });
  return [
    [
      ...onlyCodes(answers, 'OK'),
      ...equal('units that were added of the first thing', unitsIn(last, added), expected(added)),
      ...equal('units that were added of the second thing', unitsIn(last, alsoAdded), expected(alsoAdded)),
      ...equal('changes that the version counts', (last?.version ?? 0) - cart.version, changes),
      ...equal('different versions that were answered', versions.size, changes),
      ...none('answers that do not show the units that were set', misled),
      ...none(
        'lines that are not as the last change has left them',
        kept.filter((row) => row.units !== unitsIn(last, row)),
      ),
    ],
    (last?.lines ?? []).reduce((sum, { quantity }) => sum + quantity, 0),
  ];
}

/** The cart after the last change. */
function newest(answers: readonly CartAnswer[]): ToldCart | null {
  const carts = answers.flatMap(({ payload }) => payload?.cart ?? []);
  return carts.toSorted((a, b) => b.version - a.version)[0] ?? null;
}

function unitsIn(cart: ToldCart | null | undefined, { sku }: { sku: string }): number {
  return cart?.lines.find((line) => line.sku === sku)?.quantity ?? 0;
}
