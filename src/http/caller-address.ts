/** The address of a caller. Behind a proxy that the settings name, it is the one that the proxy tells. */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Names the caller for limits: an IPv4 address, or the first 64 bits of an IPv6 address, all of which one household owns. */
export type AddressOf = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string;

/** @param trustedProxies - Addresses and subnets such as `10.0.0.0/8`; only these may say for which address they speak. */
export function callerAddresses(trustedProxies: readonly string[]): AddressOf {
  const isTrusted = proxyCheck(trustedProxies);
  return (request) => {
    const nearest = plain(request.socket.remoteAddress ?? '');
    // Node reads the headers when somebody asks for them.
    if (!isTrusted(nearest)) return networkOf(nearest);
    return networkOf(callerIn(String(request.headers['x-forwarded-for'] ?? ''), isTrusted) ?? nearest);
  };
}

/**
 * Each proxy adds the address that it sees at the end. What stands before an address that is not trusted, or not readable, may be forged.
 *
 * @returns The last address that is no proxy's.
 */
function callerIn(forwardedFor: string, isTrusted: (address: string) => boolean): string | undefined {
  for (const hop of forwardedFor.split(',').reverse()) {
    const address = plain(withoutPort(hop.trim()));
    if (isIP(address) === 0) return undefined;
    if (!isTrusted(address)) return address;
  }
  return undefined;
}

/** Some proxies write `203.0.113.9:4711` and `[2001:db8::1]:4711`. */
function withoutPort(hop: string): string {
  return /^\[([^\]]+)\](:\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop;
}

/** @returns Whether an address belongs to a proxy that is believed. */
function proxyCheck(trustedProxies: readonly string[]): (address: string) => boolean {
  const trusted = new BlockList();
  for (const proxy of trustedProxies) {
    const [address, bits] = proxy.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(bits), family);
  }
  if (trustedProxies.length === 0) return () => false;
  return (address) => isIP(address) !== 0 && trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** Writes an IPv4 address that came over IPv6 as IPv4. */
export function plain(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}

/** @returns An IPv4 address as it is; the network of an IPv6 address, such as `2001:db8:0:7::/64`. */
function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  // A URL writes it in one form, without IPv4 at its end.
  const { hostname } = new URL(`http://[${address.replace(/%.*/, '')}]`);
  const [first, last = []] = hostname
    .slice(1, -1)
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = new Array<string>(8 - first.length - last.length).fill('0');
  return `${[...first, ...zeros, ...last].slice(0, 4).join(':')}::/64`;
}
