import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { CallerRole } from '../../../graphql/api-key/records';
import { UnauthenticatedError } from '../../../src/errors';
import { onlyFor } from '../../../src/http/only-for';

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
  server = createServer((request, response) => {
    const step = onlyFor(app)(request.url === '/admin' ? 'ADMIN' : 'READER');
    void step(request, response, (error?: unknown) => {
      response.statusCode = error === undefined ? 200 : 500;
      response.end('{}');
    });
  }).listen(0, '127.0.0.1');
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
  it('opens what readers may see to every key', async () => {
    withoutKey = 'READER';
    expect(await Promise.all(['READER', 'ADMIN'].map((key) => statusOf('/', key)))).toEqual([200, 200]);
    expect(await statusOf('/')).toBe(200);
  });

  it('opens what admins may see to them alone, and to all where reading is open', async () => {
    withoutKey = 'READER';
    expect([await statusOf('/admin', 'ADMIN'), await statusOf('/admin', 'READER')]).toEqual([200, 403]);
    expect(await statusOf('/admin')).toBe(200);
  });

  it.each([
    ['no key', undefined],
    ['a storefront token', 'STOREFRONT'],
    ['role WRITER', 'WRITER'],
  ])('says that a caller has %s', async (held, key) => {
    withoutKey = 'ANONYMOUS';
    const response = await ask('/admin', key);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain(`role: expected a key of role ADMIN, got ${held}; an admin makes one`);
  });

  it('answers 401 for an unknown key, and leaves other faults to the server', async () => {
    const response = await ask('/', 'unknown');
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(await response.text()).toContain('got an unknown one');
    expect(await statusOf('/', 'broken')).toBe(500);
  });
});
