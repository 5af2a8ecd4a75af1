import type { IncomingMessage } from 'node:http';

import { UnauthenticatedError } from '../../../src/errors';
import { authorizationOf, authorizationOfSocket } from '../../../src/http/access';

describe('authorizationOf', () => {
  const requestWith = (headers: Record<string, string>, url = '/graphql') => ({ headers, url }) as IncomingMessage;

  it('reads the header', () => {
    expect(authorizationOf(requestWith({ authorization: 'Bearer a', 'x-api-key': 'of a proxy' }))).toBe('Bearer a');
    expect(authorizationOf(requestWith({ 'x-note': 'authorization', 'x-request-key-id': 'a' }))).toBeUndefined();
  });

  it('refuses a key in the address', () => {
    expect(() => authorizationOf(requestWith({}, '/graphql?access_token=a'))).toThrow('access_token');
  });
});

const KEY = 'Bearer key';
/** As a socket was opened. */
const upgrade = (authorization?: string, headers = {}) =>
  ({ headers: { ...(authorization && { authorization }), ...headers }, url: '/graphql' }) as IncomingMessage;

describe('authorizationOfSocket', () => {
  it.each([
    ['connectionParams.authorization', { authorization: KEY }, undefined],
    ['connectionParams.Authorization', { Authorization: KEY }, undefined],
    ['connectionParams.headers.authorization', { headers: { AUTHORIZATION: KEY } }, undefined],
    ['connectionParams.Headers.authorization', { Headers: { authorization: KEY } }, undefined],
    ['the upgrade request', {}, KEY],
    ['the same key at several places', { authorization: KEY, headers: { authorization: KEY } }, KEY],
  ])('finds the key in %s', (_, params, ofUpgrade) => {
    expect(authorizationOfSocket(params, upgrade(ofUpgrade))).toBe(KEY);
  });

  it.each([[undefined], ['text'], [[KEY]], [{ authorization: null }], [{ headers: null }], [{ keyboard: 'a' }]])(
    'finds none in %j',
    (params) => {
      expect(authorizationOfSocket(params, upgrade())).toBeUndefined();
    },
  );

  it.each([
    ['a number', { authorization: 5 }],
    ['a list', { authorization: [KEY] }],
    ['headers that are a text', { headers: KEY }],
    ['headers that are a list', { headers: [KEY] }],
    ['a key in connectionParams.token', { token: KEY }],
    ['a key in connectionParams.x-api-key', { 'x-api-key': KEY }],
    ['a key in connectionParams.authToken', { authToken: KEY }],
    ['a key in connectionParams.key', { key: KEY }],
    ['a key in connectionParams.accessKey', { accessKey: KEY }],
    ['a key in connectionParams.jwt', { jwt: KEY }],
    ['a key in headers.x-auth', { headers: { 'x-auth': KEY } }],
    ['another key than the upgrade request has', { authorization: 'Bearer other' }],
  ])('refuses %s, which must not pass as none', (_, params) => {
    expect(() => authorizationOfSocket(params, upgrade(KEY))).toThrow(UnauthenticatedError);
  });

  it('says where it found what it does not take', () => {
    const messageOf = (params: unknown) => expect(() => authorizationOfSocket(params, upgrade()));
    messageOf({ headers: { token: 'x' } }).toThrow('connectionParams.headers.token: expected the key in');
    messageOf({ authorization: 'a', Authorization: 'b' }).toThrow(
      'authorization: expected one value, got different ones in connectionParams.authorization and connectionParams.Authorization',
    );
    messageOf({ authorization: 1 }).toThrow('connectionParams.authorization: expected a text, got another type');
  });
});
