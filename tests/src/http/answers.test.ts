import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { sendError } from '../../../src/http/answers';

describe('sendError', () => {
  it('answers as GraphQL does, and counts bytes, not letters', async () => {
    const server = createServer((_request, response) => sendError(response, 400, 'BAD_REQUEST', 'größer als 5 €'));
    await once(server.listen(0), 'listening');
    const response = await fetch(`http://localhost:${(server.address() as AddressInfo).port}`);
    expect([response.status, response.headers.get('content-type')]).toEqual([400, 'application/json; charset=utf-8']);
    expect(await response.json()).toEqual({
      errors: [{ message: 'größer als 5 €', extensions: { code: 'BAD_REQUEST' } }],
    });
    server.close();
  });
});
