const MAX_WORDS = 10;
const MAX_WORD_LENGTH = 50;

/**
 * Makes a text-search query of what a person typed: every word must occur, each may be only the beginning of one.
 * Everything that is not a letter or digit separates words, so no operator of the query language gets through.
 */
export function toPrefixQuery(text: string): string {
  return wordsOf(text)
    .map((word) => `${word}:*`)
    .join(' & ');
}

/** The words of a text in small letters, at most 10, each cut to 50 characters. */
export function wordsOf(text: string): string[] {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.slice(0, MAX_WORDS).map((word) => word.slice(0, MAX_WORD_LENGTH));
}
