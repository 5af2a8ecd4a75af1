/** The address of a caller. Behind a proxy that the settings name, it is the one that the proxy tells. */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

export type AddressOf = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string;

/** @param trustedProxies - Addresses and subnets such as `10.0.0.0/8`; only what these say of other addresses is believed. */
export function callerAddresses(trustedProxies: readonly string[]): AddressOf {
  const isTrusted = proxyCheck(trustedProxies);
  return (request) => {
    const nearest = plain(request.socket.remoteAddress ?? '');
    // Node reads the headers when somebody asks for them.
    if (!isTrusted(nearest)) return nearest;
    const told = String(request.headers['x-forwarded-for'] ?? '').split(',');
    const hops = told.map((hop) => plain(hop.trim())).filter((hop) => isIP(hop) !== 0);
    // Each proxy adds the address that it sees at the end. What stands before an unknown one may be a lie.
    return hops.reverse().find((hop) => !isTrusted(hop)) ?? nearest;
  };
}

/** @returns Whether an address belongs to a proxy that is believed. */
export function proxyCheck(trustedProxies: readonly string[]): (address: string) => boolean {
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
