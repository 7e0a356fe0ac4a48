import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Name of the header that signs a delivery: `t=<seconds since 1970>,v1=<hex HMAC-SHA256 of "t.body">`. */
export const SIGNATURE_HEADER = 'souk-signature';

/** How far the time of a signature may lie from ours, either way. */
const TOLERANCE_SECONDS = 300;
const SIGNATURE = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/;
const KEY_BYTES = 32;

/** The key that signs notices: made from the server's secret, and good for nothing else. @see RFC 5869 */
export function noticeKey(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'souk payment notices v1', KEY_BYTES));
}

/** The value of the header for a body. @param seconds when it is signed, since 1970 */
export function signatureOf(key: Buffer, body: Buffer, seconds: number): string {
  return `t=${seconds},v1=${macOf(key, body, String(seconds)).toString('hex')}`;
}

/** Whether a header signs this body, now or up to five minutes ago or ahead. */
export function isSigned(key: Buffer, body: Buffer, header: string | string[] | undefined): boolean {
  const [, time = '', mac = ''] = SIGNATURE.exec(typeof header === 'string' ? header : '') ?? [];
  if (mac === '' || Math.abs(Date.now() / 1_000 - Number(time)) > TOLERANCE_SECONDS) return false;
  return timingSafeEqual(macOf(key, body, time), Buffer.from(mac, 'hex'));
}

function macOf(key: Buffer, body: Buffer, time: string): Buffer {
  return createHmac('sha256', key).update(`${time}.`).update(body).digest();
}
