import { LRUCache } from 'lru-cache';

/** Content types of answers, the first one for whoever has no wish. */
const TYPES = ['application/json', 'application/graphql-response+json'] as const;
const KEPT = 100;

const known = new LRUCache<string, { type: string | null }>({ max: KEPT });

/** The content type of an answer for an Accept header, chosen as Apollo Server does; `null` when it should choose. */
export function answerType(accept: string | undefined): string | null {
  if (!accept) return `${TYPES[0]}; charset=utf-8`;
  let found = known.get(accept);
  if (!found) {
    found = { type: chosen(accept) };
    known.set(accept, found);
  }
  return found.type;
}

/** What a client would take, and how gladly. */
interface Wish {
  range: string;
  quality: number;
  place: number;
}

// By quality, then by how exactly it is named, then by its place in the header.
function chosen(accept: string): string | null {
  const wishes = accept.split(',').map(wishOf);
  // Other parameters, strange values and the same type twice are rare: they are left to Apollo Server.
  if (wishes.includes(null) || new Set(wishes.map((wish) => wish?.range)).size < wishes.length) return null;
  const [best] = TYPES.flatMap((type) => {
    const named = [type, 'application/*', '*/*'].map((range) => wishes.find((wish) => wish?.range === range) ?? null);
    const exactness = named.findIndex((wish) => wish !== null);
    const wish = named[exactness];
    return wish && wish.quality > 0 ? [{ type, exactness, ...wish }] : [];
  }).toSorted((a, b) => b.quality - a.quality || a.exactness - b.exactness || a.place - b.place);
  return best ? `${best.type}; charset=utf-8` : null;
}

function wishOf(text: string, place: number): Wish | null {
  const [, range, quality] = /^\s*([\w.+*-]+\/[\w.+*-]+)\s*(?:;\s*q=([01](?:\.\d{1,3})?))?\s*$/.exec(text) ?? [];
  return range === undefined ? null : { range: range.toLowerCase(), quality: Number(quality ?? 1), place };
}
