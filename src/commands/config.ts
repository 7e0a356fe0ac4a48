import { loadConfig } from '../config/config.js';
import { envExample } from '../config/env-example.js';
import { SETTINGS } from '../config/settings.js';

/** Prints the settings in force, secrets masked; or the text of `.env.example`. */
export function config({ example }: { example?: boolean }): void {
  if (example) {
    process.stdout.write(envExample());
    return;
  }
  const values = loadConfig();
  for (const [key, setting] of Object.entries(SETTINGS)) {
    const value = values[key as keyof typeof SETTINGS];
    const shown = value === null ? '' : 'secret' in setting ? '(set, not shown)' : String(value);
    console.log(`${setting.env}=${shown}`);
  }
}
