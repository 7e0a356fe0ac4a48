import { readFileSync } from 'node:fs';

/** Version of this package. Read from package.json, which lies two folders above both src/config and dist/config. */
export const VERSION: string = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;
