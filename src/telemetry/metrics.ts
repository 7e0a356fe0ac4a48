import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';

/** Figures of this process in the form of Prometheus. One for each server, so that several in one process keep apart. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
}
