/** An answer without its marks, and what they have named. */
export interface Unmarked {
  text: string;
  /** As `kind:id`, each once. */
  things: Set<string>;
}

const BEGIN = '{"@":"';
const END = '",';

/**
 * Takes the marks out of the text of an answer: the member `@` that stands first in objects that are things. No other text
 * looks like one: inside of strings JSON writes quotes with a backslash before them, and no name of GraphQL is an `@`.
 */
export function unmarked(marked: string): Unmarked {
  const things = new Set<string>();
  const pieces: string[] = [];
  let from = 0;
  for (let at = marked.indexOf(BEGIN); at >= 0; at = marked.indexOf(BEGIN, from)) {
    const begin = at + BEGIN.length;
    const end = marked.indexOf(END, begin);
    if (end < 0) throw new Error('A mark has no end.');
    things.add(marked.slice(begin, end));
    pieces.push(marked.slice(from, at + 1));
    from = end + END.length;
  }
  return from === 0 ? { text: marked, things } : { text: pieces.join('') + marked.slice(from), things };
}
