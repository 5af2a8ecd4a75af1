import type { IncomingMessage } from 'node:http';

import { UnauthenticatedError } from '../../../src/errors';
import { authorizationOfSocket } from '../../../src/http/access';

const KEY = 'Bearer key';
/** As a socket was opened. */
const upgrade = (authorization?: string) => ({ headers: { authorization }, url: '/graphql' }) as IncomingMessage;

describe('authorizationOfSocket', () => {
  it.each([
    ['connectionParams.authorization', { authorization: KEY }, undefined],
    ['connectionParams.Authorization', { Authorization: KEY }, undefined],
    ['connectionParams.headers.authorization', { headers: { AUTHORIZATION: KEY } }, undefined],
    ['connectionParams.Headers.authorization', { Headers: { authorization: KEY } }, undefined],
    ['the upgrade request', {}, KEY],
  ])('finds the key in %s', (_, params, ofUpgrade) => {
    expect(authorizationOfSocket(params, upgrade(ofUpgrade))).toBe(KEY);
  });

  it.each([[undefined], ['text'], [[KEY]], [{ authorization: null }], [{ headers: null }]])(
    'finds none in %j',
    (params) => {
      expect(authorizationOfSocket(params, upgrade())).toBeUndefined();
    },
  );

  it.each([
    ['a number', { authorization: 5 }],
    ['a list', { authorization: [KEY] }],
  ])('refuses %s, which must not pass as none', (_, params) => {
    expect(() => authorizationOfSocket(params, upgrade(KEY))).toThrow(UnauthenticatedError);
  });

  it('takes the key of the client rather than that of a gateway in front', () => {
    expect(authorizationOfSocket({ authorization: KEY }, upgrade('Bearer gateway'))).toBe(KEY);
  });
});
