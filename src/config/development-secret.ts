import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.js';

/**
 * The key that signs access tokens. Outside of production it is made once and kept in the home folder (mode 0600),
 * so that tokens outlive a restart; in production the configuration has refused to start without one.
 */
export function signingSecret(config: Config): string {
  if (config.jwtSecret !== null) return config.jwtSecret;
  const file = join(config.home, 'jwt-secret');
  mkdirSync(config.home, { recursive: true });
  // Written aside and linked to its name: another process sees a whole secret or none, also after a crash in between.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, randomBytes(32).toString('base64url'), { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return readFileSync(file, 'utf8');
}
