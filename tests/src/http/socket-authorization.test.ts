import { UnauthenticatedError } from '../../../src/errors';
import { authorizationOfSocket } from '../../../src/http/socket-authorization';

const KEY = 'Bearer key';

describe('authorizationOfSocket', () => {
  it.each([
    ['connectionParams.authorization', { authorization: KEY }, undefined],
    ['connectionParams.Authorization', { Authorization: KEY }, undefined],
    ['connectionParams.headers.authorization', { headers: { AUTHORIZATION: KEY } }, undefined],
    ['connectionParams.Headers.authorization', { Headers: { authorization: KEY } }, undefined],
    ['the upgrade request', {}, KEY],
    ['the same key at several places', { authorization: KEY, headers: { authorization: KEY } }, KEY],
  ])('finds the key in %s', (_, params, ofUpgrade) => {
    expect(authorizationOfSocket(params, ofUpgrade)).toBe(KEY);
  });

  it.each([
    [undefined],
    [null],
    ['text'],
    [[KEY]],
    [{}],
    [{ authorization: null }],
    [{ headers: null }],
    [{ user: 'a' }],
    [{ keyboard: 'a' }],
  ])('finds none in %j', (params) => {
    expect(authorizationOfSocket(params, undefined)).toBeUndefined();
  });

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
    expect(() => authorizationOfSocket(params, KEY)).toThrow(UnauthenticatedError);
  });

  it('says where it found what it does not take', () => {
    const messageOf = (params: unknown) => expect(() => authorizationOfSocket(params, undefined));
    messageOf({ headers: { token: 'x' } }).toThrow('connectionParams.headers.token: expected the key in');
    messageOf({ authorization: 'a', Authorization: 'b' }).toThrow(
      'authorization: expected one value, got different ones in connectionParams.authorization and connectionParams.Authorization',
    );
    messageOf({ authorization: 1 }).toThrow('connectionParams.authorization: expected a text, got another type');
  });
});
