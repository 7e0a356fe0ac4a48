import { Metrics } from '../telemetry/metrics.js';
import { LiveMetrics } from './live-metrics.js';

it('counts closes by the codes of the protocols, and whatever else a client chooses together', async () => {
  const metrics = new Metrics();
  const live = new LiveMetrics(metrics);
  for (let code = 0; code < 5_100; code += 1) live.closed(code);
  for (const code of [1000, 4403, 4999]) live.closed(code);
  const { values } = await metrics.registry.getSingleMetric('souk_live_closes_total')!.get();
  const counts = Object.fromEntries(values.map(({ labels, value }) => [String(labels['code']), value]));
  expect(counts).toMatchObject({ 1000: 2, 4403: 2, 4406: 1, other: 5_100 - 23 + 1 });
  expect(values).toHaveLength(23 + 1);
});
