import { now } from './clock.ts';
import type { Crowd } from './crowd.ts';
import type { LiveShop } from './live-shop.ts';

/** Measures from now on. The result tells, in percent of one core, who has used how much since. */
export function cpuMeter(shop: LiveShop, crowd: Crowd): () => string {
  const read = (): number[] => [shop.cpu(), shop.databaseCpu(), crowd.cpu(), process.cpuUsage().user / 1e6];
  const [before, begun] = [read(), now()];
  return () => {
    const seconds = (now() - begun) / 1_000;
    const shares = read().map((cpu, index) => (((cpu - (before[index] ?? 0)) / seconds) * 100).toFixed(0));
    const [server, database, subscribers, writer] = shares;
    return `CPU: server ${server} %, PostgreSQL ${database} %, subscribers ${subscribers} %, writer ${writer} %`;
  };
}
