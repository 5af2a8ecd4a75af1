import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import { Pipelines } from '../../../src/http/pipelines';
import { openRaw, type RawConnection } from '../../support/raw-connection';
import { until } from '../../support/until';

const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

describe('Pipelines', () => {
  let pipelines: Pipelines;
  let server: Server;
  let connection: RawConnection;
  let admitted: ServerResponse[];
  let refused: number;
  let ends: number;
  let socket: Socket;
  beforeEach(async () => {
    [pipelines, admitted, refused, ends] = [new Pipelines(), [], 0, 0];
    server = createServer((request, response) => {
      socket = request.socket;
      response.once('close', () => ends++);
      if (pipelines.mayCome(request, response)) admitted.push(response);
      else refused++;
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    connection = openRaw(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterEach(async () => {
    connection.socket.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('let 16 requests of a connection wait, and make room for each that is answered', async () => {
    connection.socket.write(REQUEST.repeat(16));
    await until(() => admitted.length === 16);
    admitted[0].end('first');
    await until(() => ends === 1);
    connection.socket.write(REQUEST);
    await until(() => admitted.length === 17);
    expect(refused).toBe(0);
  });

  it('refuse the first that is too many, after the answers before it, and end the connection', async () => {
    connection.socket.write(REQUEST.repeat(20));
    await until(() => refused > 0);
    for (const response of admitted) response.end('answer');
    const answer = await connection.closed();
    expect(answer.match(/HTTP\/1\.1 200 /g)).toHaveLength(16);
    expect(answer.match(/HTTP\/1\.1 429 /g)).toHaveLength(1);
    expect(answer.indexOf('429')).toBeGreaterThan(answer.lastIndexOf('200'));
    expect(answer).toContain('connection: expected at most 16 requests that wait for their answers, got more');
  });

  it('know whether a part of an answer has been sent', async () => {
    connection.socket.write(REQUEST);
    await until(() => admitted.length === 1);
    expect(pipelines.isAnswering(socket)).toBe(false);
    admitted[0].write('part');
    expect(pipelines.isAnswering(socket)).toBe(true);
    admitted[0].end();
    await until(() => ends === 1);
    expect(pipelines.isAnswering(socket)).toBe(false);
  });

  it('tell every waiting answer when its connection has closed', async () => {
    connection.socket.write(REQUEST.repeat(5));
    await until(() => admitted.length === 5);
    connection.socket.destroy();
    await until(() => ends === 5);
    expect(admitted.every(({ destroyed }) => destroyed)).toBe(true);
  });
});
