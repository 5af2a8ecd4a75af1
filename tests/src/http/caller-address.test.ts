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
    ['a caller who lies before nonsense', '10.0.0.1', '1.1.1.1, unknown', '10.0.0.1'],
    ['a caller who lies before nonsense of a proxy', '10.0.0.1', '1.1.1.1, unknown, 10.0.0.2', '10.0.0.1'],
    ['IPv4 over IPv6', '::ffff:10.0.0.1', '::ffff:9.9.9.9', '9.9.9.9'],
    ['IPv6 by its first 64 bits', 'fd00::1', '2001:db8::7', '2001:db8:0:0::/64'],
    ['IPv6 in its long form', 'fd00::1', '2001:0db8:0000:0000:1:2:3:4', '2001:db8:0:0::/64'],
    ['IPv6 past the proxy', '2001:DB8:1:2:3::', '1.1.1.1', '2001:db8:1:2::/64'],
    ['IPv6 that begins with zeros', '::1:2:3:4:5:6:7', undefined, '0:1:2:3::/64'],
    ['IPv6 of one network card', 'fe80::1%eth0', undefined, 'fe80:0:0:0::/64'],
    ['a socket that has closed', '', undefined, ''],
  ])('knows %s', (_what, remote, forwarded, address) => {
    expect(callerAddresses(['10.0.0.0/8', 'fd00::/8'])(asked(remote, forwarded))).toBe(address);
  });
});
