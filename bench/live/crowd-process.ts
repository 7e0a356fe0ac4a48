// A process of subscribers. Its parent asks; when the parent goes, it goes.
import { now } from './clock.ts';
import type { Answered, Asked, CrowdOrders, Opening, Progress } from './crowd-orders.ts';
import { Deliveries } from './deliveries.ts';
import { Subscriber, type Surroundings, type Target } from './subscriber.ts';
import { tampering } from './tampering.ts';
import { verdictOf } from './verdict.ts';

const ENTERING_AT_ONCE = 200;

const noticed = new Map<string, number>();
const waiting: (() => void)[] = [];
let deliveries = new Deliveries();
let note = deliveries.add.bind(deliveries);
let subscribers: Subscriber[] = [];
let targets: Target[] = [];
let entering = 0;
let wanted = { query: '', documents: 1 };

const around: Surroundings = {
  queryOf: (subscriber) =>
    wanted.documents === 1 ? wanted.query : `${wanted.query} # ${subscriber % wanted.documents}`,
  target: () => targets[Math.floor(Math.random() * targets.length)] ?? null,
  enter(begin) {
    if (entering >= ENTERING_AT_ONCE) {
      waiting.push(begin);
      return;
    }
    entering += 1;
    begin();
  },
  entered() {
    const next = waiting.shift();
    if (next) next();
    else entering -= 1;
  },
  received(subscriber, data, start, end) {
    const event = deliveries.know(data, start, end);
    note(subscriber, event, now());
    return deliveries.cursorOf(event);
  },
  noticed: (what) => void noticed.set(what, (noticed.get(what) ?? 0) + 1),
};

function open({ count, products, after, urls, fault, ...what }: Opening): null {
  wanted = what;
  noticed.clear();
  deliveries = new Deliveries();
  const add = deliveries.add.bind(deliveries);
  note = fault === null ? add : tampering(fault, add);
  subscribers = Array.from({ length: count }, (_, index) => {
    const product = products[index % products.length] ?? null;
    return new Subscriber(index, product, after, around);
  });
  return servers(urls);
}

function servers(urls: readonly string[]): null {
  targets = urls.map((url) => {
    const { hostname, port, pathname } = new URL(url);
    return { host: hostname, port: Number(port), path: pathname };
  });
  for (const subscriber of subscribers) subscriber.come();
  return null;
}

function cut(share: number): null {
  for (const subscriber of subscribers) if (Math.random() < share) subscriber.cut();
  return null;
}

function progress(last: Readonly<Record<string, string>>): Progress {
  const inside = subscribers.filter(({ isIn }) => isIn);
  const caughtUp = inside.filter(({ after, product }) => {
    const cursor = last[product ?? '*'];
    return cursor === undefined || after === cursor;
  });
  return { in: inside.length, caughtUp: caughtUp.length, deliveries: deliveries.count };
}

const orders: { [K in keyof CrowdOrders]: (argument: CrowdOrders[K][0]) => CrowdOrders[K][1] } = {
  open,
  servers,
  cut,
  progress,
  stall(share) {
    for (const subscriber of subscribers.slice(0, Math.round(subscribers.length * share))) subscriber.stall();
    return null;
  },
  unstall() {
    for (const subscriber of subscribers) subscriber.unstall();
    return null;
  },
  leave(how) {
    for (const [index, subscriber] of subscribers.entries()) subscriber.leave(how[index % how.length] ?? 'cut');
    return null;
  },
  verdict: (question) => verdictOf({ subscribers, deliveries, noticed }, question),
};

function answer<K extends keyof CrowdOrders>({ id, order, argument }: Asked<K>): Answered {
  try {
    return { id, answer: orders[order](argument) };
  } catch (error) {
    return { id, error: String(error) };
  }
}

process.on('message', (asked: Asked) => process.send?.(answer(asked)));
process.on('disconnect', () => process.exit());
// The terminal tells every process; what is to be ended, and when, is the parent's affair.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
