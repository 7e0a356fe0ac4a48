const MAX_WORDS = 10;

/**
 * Makes a text-search query of what a person typed: every word must occur, each may be only the beginning of one.
 * Everything that is not a letter or digit separates words, so no operator of the query language gets through.
 */
export function toPrefixQuery(text: string): string {
  const words = text.normalize('NFKC').match(/[\p{L}\p{N}]+/gu) ?? [];
  return words
    .slice(0, MAX_WORDS)
    .map((word) => `${word}:*`)
    .join(' & ');
}
