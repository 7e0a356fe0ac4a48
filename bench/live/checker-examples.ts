import { deepEqual } from 'node:assert/strict';
import { checkDeliveries, checkLog, type Faults, type LogFaults } from './checker.ts';

const EXPECTED = [3, 4, 6, 9];
const CLEAN: Faults = { lost: [], untold: [], doubled: [], outOfOrder: [], stray: [] };
const CLEAN_LOG: LogFaults = { missing: [], repeated: [], misplaced: [] };

const DELIVERIES: [received: number[], faults: Partial<Faults>][] = [
  [[3, 4, 6, 9], {}],
  [[], { untold: [3, 4, 6, 9] }],
  [[3, 6, 9], { lost: [4] }],
  [[3, 4, 6], { untold: [9] }],
  [[3, 6], { lost: [4], untold: [9] }],
  [[3, 4, 4, 6, 9], { doubled: [4] }],
  [[3, 4, 6, 9, 4, 4], { doubled: [4, 4] }],
  [[3, 6, 4, 9], { outOfOrder: [4] }],
  [[9, 3, 4, 6], { outOfOrder: [3, 4, 6] }],
  [[2, 3, 4, 5, 6, 9], { stray: [2, 5] }],
  [[4, 3, 3, 9, 10], { lost: [6], doubled: [3], outOfOrder: [3], stray: [10] }],
];

const sent = (...numbers: number[]) => numbers.map((number) => ({ number, product: 'a', acknowledged: true }));
const logged = (...numbers: number[]) => numbers.map((number, index) => ({ number, product: 'a', version: index }));
const unanswered = { number: 2, product: 'a', acknowledged: false };

const LOGS: [faults: Partial<LogFaults>, ...rows: Parameters<typeof checkLog>][] = [
  [{}, sent(1, 2, 3), logged(1, 2, 3)],
  [{ missing: [2] }, sent(1, 2, 3), logged(1, 3)],
  [{ repeated: [2] }, sent(1, 2), logged(1, 2, 2)],
  [{ misplaced: [2] }, sent(1, 2, 3), logged(1, 3, 2)],
  [{}, [...sent(1), unanswered, ...sent(3)], logged(1, 3)],
  [{}, [...sent(1), unanswered, ...sent(3)], logged(1, 3, 2)],
  [{ misplaced: [3] }, sent(1, 3), logged(1, 3).map((change) => ({ ...change, version: 9 - change.number }))],
  [{}, sent(1, 3), [...logged(3).map((change) => ({ ...change, product: 'b' })), ...logged(1)]],
];

/** Shows the checker what it must find, and what it must not. @throws AssertionError when it errs; answers how many examples it had */
export function checkTheChecker(): number {
  for (const [received, faults] of DELIVERIES) {
    deepEqual(checkDeliveries(EXPECTED, received), { ...CLEAN, ...faults }, `received ${received.join(' ')}`);
  }
  for (const [faults, changes, log] of LOGS) deepEqual(checkLog(changes, log), { ...CLEAN_LOG, ...faults });
  return DELIVERIES.length + LOGS.length;
}
