import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import type { Config } from '../config/config.js';

const LEVELS: Record<Config['logLevel'], LogLevel[]> = {
  error: ['error', 'fatal'],
  warn: ['warn', 'error', 'fatal'],
  info: ['log', 'warn', 'error', 'fatal'],
  debug: ['debug', 'verbose', 'log', 'warn', 'error', 'fatal'],
};

/** The process's logger: one JSON object per line in production, readable text elsewhere. */
export function createLogger(config: Config): ConsoleLogger {
  return new ConsoleLogger({ prefix: 'souk', logLevels: LEVELS[config.logLevel], json: config.mode === 'production' });
}
