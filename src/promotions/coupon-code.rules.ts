/** What a code may look like once it is in the form in which codes are stored. */
export const COUPON_CODE = /^[A-Z0-9_-]{1,40}$/;

/**
 * A code in the form in which codes are stored: without spaces around it, the letters a to z in upper case. Other letters stay,
 * so that none turns into a letter of somebody's code, as "ß" would into "SS".
 */
export function couponCode(entered: string): string {
  return entered.trim().replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}
