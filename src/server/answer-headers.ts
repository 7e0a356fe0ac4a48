import type { Answer } from '../answers/answer-store.js';

/** How an answer to a GET request may be kept by browsers and CDNs. */
export interface Freshness {
  /** Seconds for which it may be used without asking again. */
  maxAge: number;
  /** Seconds since it was known to be right. */
  age: number;
}

/** Headers of an answer that everybody gets who is not signed in. It is right when it is sent; whoever keeps it asks again. */
export function publicHeaders({ etag }: Answer, { maxAge, age }: Freshness): Record<string, string> {
  return {
    'cache-control': `public, max-age=${maxAge}${maxAge === 0 ? ', must-revalidate' : ''}`,
    age: String(age),
    etag,
  };
}

/**
 * Whether somebody has the answer already.
 * @param ifNoneMatch the header
 * @see RFC 9110, section 13.1.2
 */
export function isKnown(ifNoneMatch: string | undefined, { etag }: Answer): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

/** A `Vary` header with more names. @param before the header so far */
export function varyWith(before: unknown, names: readonly string[]): string {
  const known = typeof before === 'string' ? before.split(',').map((name) => name.trim()) : [];
  const lower = new Set(known.map((name) => name.toLowerCase()));
  return [...known, ...names.filter((name) => !lower.has(name.toLowerCase()))].filter(Boolean).join(', ');
}
