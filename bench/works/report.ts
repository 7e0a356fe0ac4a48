import { countText, figuresOf, ratiosOf, type Figure, type Findings, type Ratio } from './figures.ts';
import { median } from './median.ts';
import type { StartSample } from './starts.ts';
import { table } from './table.ts';
import type { Work } from './work.ts';

const MEGABYTE = 1_024 * 1_024;
const TITLES: Readonly<Record<string, string>> = {
  souk: 'Souk',
  limit: 'the limit',
  postgraphile: 'PostGraphile',
  static: 'static bytes',
};

/** Everything that a run has found, as Markdown. */
export function reportOf(findings: Findings, starts: readonly StartSample[], about: readonly string[]): string {
  const figures = figuresOf(findings.samples);
  const ratios = ratiosOf(findings.samples);
  const works = [...findings.contestants.keys()];
  const loads = [...new Set(figures.map(({ connections }) => connections))];
  const parts = [
    about.join('\n'),
    ...loads.map((connections) => costs(works, { findings, figures, ratios, connections })),
    ...(figures.length > 0 ? [speeds(works, figures)] : []),
    ...(works.some(({ kept }) => kept) ? [keptAnswers(works, figures, loads)] : []),
    ...(starts.length > 0 ? [startTable(starts)] : []),
  ];
  return `${parts.filter((part) => part !== null).join('\n\n')}\n`;
}

interface CostParts {
  findings: Findings;
  figures: readonly Figure[];
  ratios: readonly Ratio[];
  connections: number;
}

function costs(works: readonly Work[], { findings, figures, ratios, connections }: CostParts): string | null {
  const uncached = works.filter(({ kept }) => !kept);
  const names = new Set(uncached.map(({ name }) => name));
  const mine = figures.filter((figure) => figure.connections === connections && names.has(figure.work));
  const servers = serversOf(mine);
  const others = servers.filter((server) => server !== 'souk');
  const head = ['Work', ...servers.map(titleOf), ...others.map((server) => `Souk : ${titleOf(server)}`), 'Noise'];
  const rows = uncached.map((work) => {
    const of = (server: string): Figure | undefined =>
      mine.find((figure) => figure.work === work.name && figure.server === server);
    const noise = Math.max(0, ...servers.map((server) => of(server)?.noise ?? 0));
    return [
      `${work.name} ${work.title}`,
      ...servers.map((server) => costOf(of(server), countText(findings.counts, work.name, server))),
      ...others.map((server) =>
        ratioText(
          ratios.find((one) => one.work === work.name && one.server === server && one.connections === connections),
        ),
      ),
      `± ${Math.round(noise * 100)} %`,
    ];
  });
  const title = `## CPU milliseconds of one request, ${clients(connections)}`;
  const legend =
    'Server + PostgreSQL (SQL statements + those behind the answer). Ratios: of the server, of both together.';
  return rows.length === 0 ? null : `${title}\n\n${legend}\n\n${table(head, rows)}`;
}

function speeds(works: readonly Work[], figures: readonly Figure[]): string {
  const loads = [...new Set(figures.map(({ connections }) => connections))];
  const head = ['Work', ...loads.map((connections) => `${clients(connections)}: /s, p50, p99 ms`), 'Memory MB'];
  const rows = works.flatMap(({ name }) =>
    serversOf(figures.filter(({ work }) => work === name)).map((server) => {
      const own = figures.filter((figure) => figure.work === name && figure.server === server);
      const cells = loads.map((connections) => speedOf(own.find((figure) => figure.connections === connections)));
      const most = Math.max(...own.map(({ resident }) => resident));
      return [`${name} ${titleOf(server)}`, ...cells, (most / MEGABYTE).toFixed(0)];
    }),
  );
  return `## Requests in a second, and how long one takes\n\n${table(head, rows)}`;
}

function keptAnswers(works: readonly Work[], figures: readonly Figure[], loads: readonly number[]): string {
  const rate = (work: string, server: string, connections: number): number =>
    figures.find((one) => one.work === work && one.server === server && one.connections === connections)
      ?.requestsPerSecond ?? 0;
  const rows = works
    .filter(({ kept }) => kept)
    .map(({ name, title }) => [
      `${name} ${title}`,
      ...loads.map((connections) => {
        const [own, fixed] = [rate(name, 'souk', connections), rate(name, 'static', connections)];
        return `${own.toFixed(0)} of ${fixed.toFixed(0)}/s: ${fixed > 0 ? Math.round((own / fixed) * 100) : 0} %`;
      }),
    ]);
  return `## Answers kept, against a server of static bytes\n\n${table(['Work', ...loads.map(clients)], rows)}`;
}

function startTable(starts: readonly StartSample[]): string {
  const groups = Map.groupBy(starts, ({ server }) => server);
  const rows = [...groups].map(([server, samples]) => [
    titleOf(server),
    median(samples.map(({ firstAnswer }) => firstAnswer)).toFixed(0),
    Math.max(...samples.map(({ firstAnswer }) => firstAnswer)).toFixed(0),
    (median(samples.map(({ resident }) => resident)) / MEGABYTE).toFixed(0),
  ]);
  const head = ['Server', 'First answer ms', 'Slowest', 'Memory idle MB'];
  return `## W8 start of a process to its first answer, and memory at rest\n\n${table(head, rows)}`;
}

function serversOf(figures: readonly Figure[]): string[] {
  const known = Object.keys(TITLES);
  return known.filter((server) => figures.some((figure) => figure.server === server));
}

function titleOf(server: string): string {
  return TITLES[server] ?? server;
}

function clients(connections: number): string {
  return connections === 1 ? '1 client' : `${connections} clients`;
}

function costOf(figure: Figure | undefined, statements: string): string {
  return figure ? `${figure.serverMs.toFixed(2)} + ${figure.databaseMs.toFixed(2)}${statements}` : '';
}

function ratioText(ratio: Ratio | undefined): string {
  return ratio ? `${ratio.serverMs.toFixed(1)}, ${ratio.totalMs.toFixed(2)}` : '';
}

function speedOf(figure: Figure | undefined): string {
  return figure ? `${figure.requestsPerSecond.toFixed(0)}, ${figure.p50.toFixed(1)}, ${figure.p99.toFixed(1)}` : '';
}
