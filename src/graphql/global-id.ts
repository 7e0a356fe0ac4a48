/**
 * Ids as clients see them: the kind of thing and its UUID in hexadecimal, `product_0198f2c4d1e27abc8def0123456789ab`.
 * Clients treat them as opaque; the kind makes them globally unique and lets `node` find the room that owns the row.
 */
const GLOBAL_ID = /^([a-z]{1,20})_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;

/** The id that clients see for a row's UUID. */
export function toGlobalId(kind: string, uuid: string): string {
  return `${kind}_${uuid.replaceAll('-', '')}`;
}

/** Kind and UUID of an id that a client sent, or `null` when this shop never made such an id. */
export function parseGlobalId(id: string): { kind: string; uuid: string } | null {
  const parts = GLOBAL_ID.exec(id);
  if (!parts) return null;
  const [, kind = '', ...groups] = parts;
  return { kind, uuid: groups.join('-') };
}

/** The UUID of an id of one kind, or `null` when the text is anything else. */
export function uuidOf(kind: string, id: unknown): string | null {
  const parsed = typeof id === 'string' ? parseGlobalId(id) : null;
  return parsed?.kind === kind ? parsed.uuid : null;
}
