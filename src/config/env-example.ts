import type { Setting } from './setting.js';
import { SETTINGS } from './settings.js';

/** The text of `.env.example`: every setting with its meaning, what it accepts and its development value, commented out. */
export function envExample(): string {
  const entries = Object.values(SETTINGS).map((setting: Setting<string | number | null>) => {
    const fallback = setting.fallback('development');
    return `# ${setting.about}\n# expects ${setting.expects}\n#${setting.env}=${fallback === undefined || fallback === null ? '' : String(fallback)}\n`;
  });
  return ['# Copy to .env and uncomment what you change. Values shown are those of development.\n', ...entries].join(
    '\n',
  );
}
