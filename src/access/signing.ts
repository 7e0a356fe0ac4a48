/** Injection token of the key that signs and checks access tokens. */
export const SIGNING_SECRET = Symbol('signing secret');

/** The only algorithm that is signed with and accepted. */
export const TOKEN_ALGORITHM = 'HS256';
