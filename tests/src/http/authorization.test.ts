import type { IncomingMessage } from 'node:http';

import { UnauthenticatedError } from '../../../src/errors';
import { authorizationOf, MisplacedKeyError } from '../../../src/http/authorization';

/** As Node gives them: `headers` has the first of two, by its name in lower case. */
const requestWith = (...rawHeaders: string[]) => {
  const names = rawHeaders.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
  const headers = Object.fromEntries(names.map((name, i) => [name, rawHeaders[2 * i + 1]]).reverse());
  return { rawHeaders, headers, url: '/graphql' } as unknown as IncomingMessage;
};

describe('authorizationOf', () => {
  it('reads the header, whatever its case', () => {
    expect(authorizationOf(requestWith('Host', 'x', 'AUTHORIZATION', 'Bearer a'))).toBe('Bearer a');
  });

  it('finds none where there is none, also when a value reads like the name', () => {
    expect(authorizationOf(requestWith('Host', 'authorization', 'X-Note', 'authorization'))).toBeUndefined();
    expect(authorizationOf(requestWith('X-Note', 'authorization', 'Authorization', 'Bearer a'))).toBe('Bearer a');
  });

  it('refuses two, even when they are equal', () => {
    const two = requestWith('Authorization', 'Bearer a', 'authorization', 'Bearer a');
    expect(() => authorizationOf(two)).toThrow(UnauthenticatedError);
    expect(() => authorizationOf(two)).toThrow('expected one header, got 2');
  });

  it.each(['X-API-Key', 'api-key', 'apikey', 'X-Auth-Token', 'x-access-token', 'X-Authorization'])(
    'refuses a key in %s, which must not pass as none',
    (name) => {
      expect(() => authorizationOf(requestWith(name, 'a'))).toThrow(MisplacedKeyError);
      expect(() => authorizationOf(requestWith(name, 'a'))).toThrow(
        `${name.toLowerCase()}: expected the key as "Authorization: Bearer <key>", got it here`,
      );
    },
  );

  it.each(['/graphql?api_key=a', '/graphql?query={x}&access_token=a', '/graphql?token=a', '/?X-Api-Key=a'])(
    'refuses a key in the address %s, of which logs would keep it',
    (url) => {
      expect(() => authorizationOf({ ...requestWith('Host', 'x'), url } as IncomingMessage)).toThrow(MisplacedKeyError);
    },
  );

  it.each([
    'X-Auth-Request-Email',
    'Proxy-Authorization',
    'X-Amzn-Oidc-Accesstoken',
    'Sec-WebSocket-Key',
    'X-CSRF-Token',
  ])('passes over %s, which proxies and browsers add', (name) =>
    expect(authorizationOf(requestWith(name, 'a'))).toBeUndefined(),
  );

  it('takes the key where it belongs, beside one that is meant for a proxy in front', () => {
    expect(authorizationOf(requestWith('X-Api-Key', 'a', 'Authorization', 'Bearer b'))).toBe('Bearer b');
  });
});
