/**
 * The gates of live: who subscribes is told of everything, once and in order, soon, and at a bounded price.
 * `npm run bench:live [-- <scenario>... --short --json <file>]`. Linux only: use of CPU and memory is read from /proc.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { checkTheChecker } from './checker-examples.ts';
import { tableOf, type Gate } from './gate.ts';
import { ProgramCopy, type Program } from '../program-copy.ts';
import { SCENARIOS } from './scenarios.ts';
import { Stage, type Scenario } from './stage.ts';

const LONGEST_MS = 15 * 60_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false }, json: { type: 'string' } },
});

function chosen(): readonly Scenario[] {
  const unknown = positionals.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
  if (unknown.length > 0) {
    const known = SCENARIOS.map(({ name }) => name).join(', ');
    throw new Error(`There is no scenario ${unknown.join(', ')}. The scenarios are ${known}.`);
  }
  return positionals.length === 0 ? SCENARIOS : SCENARIOS.filter(({ name }) => positionals.includes(name));
}

async function play(scenario: Scenario, program: Program, signal: AbortSignal): Promise<Gate[]> {
  const { name, title } = scenario;
  const begun = performance.now();
  console.error(`\n${name}: ${title} (load ${loadavg()[0]?.toFixed(1)})`);
  const stage = new Stage(program, {
    short: values.short,
    signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]),
  });
  try {
    const gates = await scenario.run(stage);
    for (const { gate, figure } of gates) console.error(`  ${gate}: ${figure}`);
    return gates;
  } catch (error) {
    signal.throwIfAborted();
    console.error(error);
    return [{ gate: title, aim: '', figure: `not played: ${String(error)}`, passed: false }];
  } finally {
    await stage.close();
    console.error(`  ${((performance.now() - begun) / 1_000).toFixed(0)} s`);
  }
}

async function main(): Promise<void> {
  const scenarios = chosen();
  const stopping = new AbortController();
  const stop = (): void => stopping.abort(new Error('Stopped. Nothing is left behind.'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  console.error(`The checker has judged ${checkTheChecker()} examples rightly.`);
  const copy = new ProgramCopy();
  const gates: Gate[] = [];
  try {
    const program = await copy.load();
    for (const scenario of scenarios) gates.push(...(await play(scenario, program, stopping.signal)));
  } finally {
    copy.remove();
    if (gates.length > 0) report(gates);
  }
}

function report(gates: readonly Gate[]): void {
  const machine = `${availableParallelism()} cores, Node ${process.versions.node}`;
  console.log(
    `\n${tableOf(gates)}\n\n${values.short ? 'Short run: the figures are of small counts. ' : ''}${machine}.`,
  );
  if (values.json !== undefined) {
    const content = { at: new Date().toISOString(), machine, short: values.short, gates };
    writeFileSync(values.json, `${JSON.stringify(content, null, 2)}\n`);
  }
  if (gates.some(({ passed }) => passed === false)) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
