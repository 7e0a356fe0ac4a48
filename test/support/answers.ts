import { KeptAnswers } from '../../src/answers/kept-answers.js';
import { Members } from '../../src/answers/members.js';
import type { Account } from './accounts.js';
import { settled, until } from './live.js';
import type { Answer, Shop } from './shop.js';

/** A request whose answer may be kept. */
export interface Read {
  query: string;
  variables?: object;
  by?: Account;
}

/** Waits until the shop gives kept answers: it has become a member, and knows all events. */
export async function keeping(shop: Pick<Shop, 'app' | 'database'>): Promise<void> {
  await settled(shop);
  const members = shop.app.get(Members, { strict: false });
  await until('answers are kept', () => shop.app.get(KeptAnswers, { strict: false }).isOn && members.isInformed);
}

/** Reads, and tells whether the answer was kept. */
export async function read(shop: Shop, { query, variables, by }: Read): Promise<{ answer: Answer; kept: boolean }> {
  const answer = await shop.send(query, variables, by?.token);
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return { answer, kept: answer.extensions.sql.statements === 0 };
}

/** Lets every answer be kept, makes a change, and tells which of them were dropped by it, by their names. */
export async function droppedBy(
  shop: Shop,
  reads: Readonly<Record<string, Read>>,
  change: () => Promise<unknown>,
): Promise<string[]> {
  await keeping(shop);
  for (const one of Object.values(reads)) await read(shop, one);
  for (const [name, one] of Object.entries(reads)) {
    if (!(await read(shop, one)).kept) throw new Error(`The answer "${name}" is not kept.`);
  }
  await change();
  const dropped: string[] = [];
  for (const [name, one] of Object.entries(reads)) if (!(await read(shop, one)).kept) dropped.push(name);
  return dropped;
}
