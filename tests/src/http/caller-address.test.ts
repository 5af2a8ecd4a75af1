import type { Socket } from 'node:net';

import { callerAddresses } from '../../../src/http/caller-address';

const asked = (remoteAddress: string, forwarded?: string) => ({
  headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  socket: { remoteAddress } as Socket,
});

describe('callerAddresses', () => {
  it('believes nobody when no proxy is trusted', () => {
    expect(callerAddresses([])(asked('127.0.0.1', '9.9.9.9'))).toBe('127.0.0.1');
  });

  it.each([
    ['a caller through a proxy', '10.0.0.1', '9.9.9.9', '9.9.9.9'],
    ['a caller through two proxies', '10.0.0.1', '9.9.9.9, 10.0.0.2', '9.9.9.9'],
    ['a caller who lies', '10.0.0.1', '1.1.1.1, 9.9.9.9', '9.9.9.9'],
    ['a caller past the proxy', '8.8.8.8', '1.1.1.1', '8.8.8.8'],
    ['a proxy that tells nothing', '10.0.0.1', undefined, '10.0.0.1'],
    ['a proxy that tells nonsense', '10.0.0.1', 'unknown', '10.0.0.1'],
    ['IPv4 over IPv6', '::ffff:10.0.0.1', '::ffff:9.9.9.9', '9.9.9.9'],
    ['IPv6', 'fd00::1', '2001:db8::7', '2001:db8::7'],
  ])('knows %s', (_what, remote, forwarded, address) => {
    expect(callerAddresses(['10.0.0.0/8', 'fd00::/8'])(asked(remote, forwarded))).toBe(address);
  });
});
