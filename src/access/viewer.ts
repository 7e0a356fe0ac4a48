import { Role } from './role.js';

/** Somebody who is signed in, as their access token tells. */
export interface Viewer {
  /** Id of the user. */
  id: string;
  roles: readonly Role[];
  /** The session that the token belongs to. */
  sessionId: string;
  /** When the token ends, in seconds since 1970. */
  expiresAt: number;
}

/** Whether the viewer works for the shop, and so sees drafts, stock figures and other people's orders. */
export function isStaff(viewer: Viewer | null): boolean {
  return viewer !== null && viewer.roles.some((role) => role === Role.STAFF || role === Role.ADMIN);
}
