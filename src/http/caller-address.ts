/** The address of a caller. Behind a proxy that the settings name, it is the one that the proxy tells. */
import type { IncomingMessage } from 'node:http';
import { BlockList } from 'node:net';

import * as ipaddr from 'ipaddr.js';

/** Names the caller for limits: an IPv4 address, or the first 64 bits of an IPv6 address, all of which one household owns. */
export type AddressOf = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string;

/**
 * Each proxy adds the address that it sees at the end of `X-Forwarded-For`. An address before one that is not trusted may be forged.
 *
 * @param trustedProxies - Addresses and subnets such as `10.0.0.0/8`; only these may say for which address they speak.
 */
export function callerAddresses(trustedProxies: readonly string[]): AddressOf {
  const isTrusted = proxyCheck(trustedProxies);
  return ({ headers, socket }) => {
    const nearest = socket.remoteAddress ?? '';
    // Node reads the headers when somebody asks for them.
    if (!isTrusted(nearest)) return networkOf(nearest);
    const hops = String(headers['x-forwarded-for'] ?? '').split(',');
    const caller = hops.map((hop) => hop.trim()).findLast((hop) => !isTrusted(hop));
    return networkOf(caller !== undefined && ipaddr.isValid(caller) ? caller : nearest);
  };
}

function proxyCheck(trustedProxies: readonly string[]): (address: string) => boolean {
  const trusted = new BlockList();
  for (const proxy of trustedProxies) {
    const [address, bits] = proxy.split('/');
    const parsed = ipaddr.process(address);
    const most = parsed.toByteArray().length * 8;
    trusted.addSubnet(parsed.toString(), Number(bits ?? most), parsed.kind());
  }
  return (address) => {
    if (!ipaddr.isValid(address)) return false;
    const parsed = ipaddr.process(address);
    return trusted.check(parsed.toString(), parsed.kind());
  };
}

/** @returns An IPv4 address as it is; the network of an IPv6 address, such as `2001:db8:0:7::/64`. */
function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  const groups = (parsed as ipaddr.IPv6).parts.slice(0, 4).map((group) => group.toString(16));
  return `${groups.join(':')}::/64`;
}
