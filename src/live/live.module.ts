import { Global, Module } from '@nestjs/common';
import { LiveHub } from './live-hub.js';
import { LiveMetrics } from './live-metrics.js';

/** Live queries: what subscriptions are made of, whatever transport carries them. */
@Global()
@Module({ providers: [LiveMetrics, LiveHub], exports: [LiveHub, LiveMetrics] })
export class LiveModule {}
