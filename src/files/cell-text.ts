/** A name and what it stands for, such as Size: L. */
export interface Pair {
  name: string;
  value: string;
}

const BACKSLASH = '\\';
const BLANK = /\s/;

/**
 * Cuts a text at separators and yields each part with the separator that ended it (empty for the last one).
 * Blanks around parts do not count. A backslash makes the next character an ordinary one.
 */
function* cut(text: string, separates: (char: string) => boolean): Generator<[part: string, end: string]> {
  let part = '';
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const escaped = text[at] === BACKSLASH && at + 1 < text.length;
    if (escaped) at += 1;
    const char = text[at] ?? '';
    if (!escaped && separates(char)) {
      yield [part.slice(0, length), char];
      [part, length] = ['', 0];
    } else if (escaped || !BLANK.test(char)) {
      part += char;
      length = part.length;
    } else if (part !== '') {
      part += char;
    }
  }
  yield [part.slice(0, length), ''];
}

function escape(text: string, separators: RegExp): string {
  return text
    .replace(separators, `${BACKSLASH}$&`)
    .replace(/^\s+|\s+$/g, (blanks) => blanks.replace(/\s/g, `${BACKSLASH}$&`));
}

/** Reads `Name: Value | Name: Value`. A pair without a colon has the value `null`; empty pairs are left out. */
export function readPairs(text: string): { name: string; value: string | null }[] {
  const pairs: { name: string; value: string | null }[] = [];
  let name: string | null = null;
  for (const [part, end] of cut(text, (char) => char === '|' || (char === ':' && name === null))) {
    if (end === ':') {
      name = part;
    } else {
      if (name !== null) pairs.push({ name, value: part });
      else if (part !== '') pairs.push({ name: part, value: null });
      name = null;
    }
  }
  return pairs;
}

/** Writes pairs in the form that `readPairs` reads. */
export function writePairs(pairs: readonly Pair[]): string {
  return pairs.map(({ name, value }) => `${escape(name, /[\\|:]/g)}: ${escape(value, /[\\|]/g)}`).join(' | ');
}

/** Reads `Electronics > Phones`: the names from the root down. */
export function readPath(text: string): string[] {
  return [...cut(text, (char) => char === '>')].map(([name]) => name);
}

/** Writes names from the root down in the form that `readPath` reads. */
export function writePath(names: readonly string[]): string {
  return names.map((name) => escape(name, /[\\>]/g)).join(' > ');
}

/** The form of an image's URL in a list that blanks separate. */
export function listedUrl(url: string): string {
  return url.replace(/\s/g, encodeURIComponent);
}
