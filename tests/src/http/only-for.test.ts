import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Role } from '../../../graphql/api-key/records';
import { UnauthenticatedError } from '../../../src/errors';
import { onlyFor } from '../../../src/http/only-for';

/** The keys are the roles; without one, the role is `withoutKey`. */
let withoutKey: Role;
let server: Server;

const app = {
  callerOf: async (authorization: string | undefined) => {
    if (authorization === 'Bearer broken') throw new Error('database away');
    if (authorization === 'Bearer unknown')
      throw new UnauthenticatedError('authorization: expected a key, got an unknown one');
    return { role: (authorization?.slice('Bearer '.length) as Role | undefined) ?? withoutKey };
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

async function statusOf(path: string, key?: string): Promise<number> {
  const { port } = server.address() as AddressInfo;
  const headers = key === undefined ? undefined : { authorization: `Bearer ${key}` };
  return (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).status;
}

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
    withoutKey = 'STOREFRONT' as Role;
    expect(await statusOf('/admin')).toBe(403);
  });

  it('answers 401 for an unknown key, and leaves other faults to the server', async () => {
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { authorization: 'Bearer unknown' } });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(await response.text()).toContain('got an unknown one');
    expect(await statusOf('/', 'broken')).toBe(500);
  });
});
