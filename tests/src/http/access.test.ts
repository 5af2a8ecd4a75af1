import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import express, { type ErrorRequestHandler } from 'express';

import type { CallerRole } from '../../../graphql/api-key/records';
import { type PublicError, UnauthenticatedError } from '../../../src/errors';
import { authorizationOfSocket, onlyFor } from '../../../src/http/access';

/** The keys are the roles; without one, the role is `withoutKey`. */
let withoutKey: CallerRole;
let server: Server;

const app = {
  callerOf: async (authorization: string | undefined) => {
    if (authorization === 'Bearer broken') throw new Error('database away');
    if (authorization === 'Bearer unknown')
      throw new UnauthenticatedError('authorization: expected a key, got an unknown one');
    return { role: (authorization?.slice('Bearer '.length) as CallerRole | undefined) ?? withoutKey };
  },
};

beforeEach(async () => {
  const showError: ErrorRequestHandler = ({ message, extensions }: PublicError, _request, response, _next) => {
    const { status = 500 } = (extensions?.http ?? {}) as { status?: number };
    response.status(status).send(message);
  };
  const routes = express();
  routes.get('/rest', onlyFor(app)('READER'), (_request, response) => void response.end());
  routes.get('/', onlyFor(app)('ANONYMOUS'), (_request, response) => void response.end());
  server = routes.use(showError).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function ask(path: string, key?: string): Promise<Response> {
  const { port } = server.address() as AddressInfo;
  const headers = key === undefined ? undefined : { authorization: `Bearer ${key}` };
  return fetch(`http://127.0.0.1:${port}${path}`, { headers });
}

const statusOf = async (path: string, key?: string) => (await ask(path, key)).status;

describe('onlyFor', () => {
  it('opens what concerns no user to everybody', async () => {
    withoutKey = 'ANONYMOUS';
    expect(await Promise.all(['READER', undefined].map((key) => statusOf('/', key)))).toEqual([200, 200]);
  });

  it('opens the rest to every key, and to all where reading is open', async () => {
    withoutKey = 'READER';
    expect([await statusOf('/rest', 'ADMIN'), await statusOf('/rest', 'READER')]).toEqual([200, 200]);
    expect(await statusOf('/rest')).toBe(200);
  });

  it.each([
    ['no key', undefined],
    ['a storefront token', 'STOREFRONT'],
  ])('says that a caller has %s', async (held, key) => {
    withoutKey = 'ANONYMOUS';
    const response = await ask('/rest', key);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain(`role: expected a key of role READER, got ${held}; an admin makes one`);
  });

  it('answers 401 for an unknown key, and leaves other faults to the server', async () => {
    const response = await ask('/', 'unknown');
    expect(response.status).toBe(401);
    expect(await response.text()).toContain('got an unknown one');
    expect(await statusOf('/', 'broken')).toBe(500);
  });
});

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

  it.each([[undefined], [null], ['text'], [[KEY]], [{}], [{ authorization: null }], [{ headers: null }]])(
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
