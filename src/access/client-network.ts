import { isIPv6 } from 'node:net';

const IPV4_IN_IPV6 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const GROUPS = 8;
const NETWORK_GROUPS = 4;

/**
 * What one client cannot change at will: an IPv4 address, or the /64 network of an IPv6 address.
 * @see RFC 6177, IPv6 Address Assignment to End Sites
 */
export function networkOf(address: string): string {
  const [, embedded] = IPV4_IN_IPV6.exec(address) ?? [];
  if (embedded) return embedded;
  const [plain = ''] = address.split('%', 1);
  if (!isIPv6(plain)) return address;
  const [before = '', after] = plain.split('::', 2);
  const left = groupsOf(before);
  const right = after === undefined ? [] : groupsOf(after);
  const zeros = Array<string>(Math.max(GROUPS - left.length - right.length, 0)).fill('0');
  return [...left, ...zeros, ...right].slice(0, NETWORK_GROUPS).join(':');
}

function groupsOf(part: string): string[] {
  return part === '' ? [] : part.split(':').map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''));
}
