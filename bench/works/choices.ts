import { parseArgs } from 'node:util';
import { WORKS, type Work } from './work.ts';

/** Who can be measured. */
export const PEER_NAMES = ['souk', 'limit', 'postgraphile'] as const;
export type PeerName = (typeof PEER_NAMES)[number];

/** What somebody wants to have measured. */
export interface Choices {
  works: readonly Work[];
  /** Souk first. */
  peers: readonly PeerName[];
  scale: number;
  rounds: number;
  /** Of each measurement, and of what goes before it. */
  seconds: number;
  warmSeconds: number;
  connections: readonly number[];
  /** Whether starts are measured. */
  starts: boolean;
}

const START = 'W8';
const HELP = `npm run bench [-- <work>... --scale 10 --rounds 3 --seconds 2 --warm 2 --peers souk,limit --connections 1,16,64]
Works: ${[...WORKS.map(({ name }) => name), START].join(' ')}`;

/** Reads the command line. @throws Error that says what can be chosen */
export function choicesOf(args: readonly string[]): Choices {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      scale: { type: 'string', default: '1' },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '2' },
      warm: { type: 'string', default: '2' },
      peers: { type: 'string', default: PEER_NAMES.join(',') },
      connections: { type: 'string', default: '1,16,64' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) throw new Error(HELP);
  const names = values.peers.split(',');
  const all = positionals.length === 0;
  refuseUnknown(positionals, [...WORKS.map(({ name }) => name), START]);
  refuseUnknown(names, PEER_NAMES);
  return {
    works: WORKS.filter(({ name }) => all || positionals.includes(name)),
    starts: all || positionals.includes(START),
    peers: PEER_NAMES.filter((name) => names.includes(name)),
    scale: numberOf(values.scale),
    rounds: numberOf(values.rounds),
    seconds: numberOf(values.seconds),
    warmSeconds: numberOf(values.warm),
    connections: values.connections.split(',').map(numberOf),
  };
}

function refuseUnknown(given: readonly string[], known: readonly string[]): void {
  const unknown = given.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}.\n${HELP}`);
}

function numberOf(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1_000)) throw new Error(`${text} is not a number above 0.\n${HELP}`);
  return value;
}
