import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import type { Client } from 'graphql-ws';
import { WebSocket, WebSocketServer } from 'ws';

import { openSocket, subscribeOn } from '../../../../web/src/app/socket';
import { until } from '../../../support/until';

describe('openSocket', () => {
  let server: WebSocketServer;
  let client: Client | undefined;
  let states: string[];
  /** Called by the server with each connection that it has taken. */
  let then: (socket: WebSocket) => void;

  beforeEach(async () => {
    states = [];
    then = () => {};
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    server.on('connection', (socket) => {
      socket.once('message', () => {
        socket.send('{"type":"connection_ack"}');
        then(socket);
      });
    });
    Object.assign(globalThis, { WebSocket });
  });

  afterEach(async () => {
    jest.useRealTimers();
    await client?.dispose();
    for (const socket of server.clients) socket.terminate();
    await new Promise((resolve) => server.close(resolve));
  });

  /** @returns Lets what the sockets do go on. */
  const holdTime = () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance', 'Date'] });
    return () => new Promise((resolve) => setImmediate(resolve));
  };
  const open = () => {
    const own = states;
    const { port } = server.address() as AddressInfo;
    client = openSocket(`http://127.0.0.1:${port}/graphql`, 'key', (state) => own.push(state));
  };

  it('gives up a server that is asked and does not answer, and tries again', async () => {
    const turn = holdTime();
    open();
    while (states.length < 1) await turn();
    jest.advanceTimersByTime(10_000);
    expect(states).toEqual(['connected']);
    jest.advanceTimersByTime(5_000);
    expect(states).toEqual(['connected', 'lost']);
    while (states.length < 3) {
      jest.advanceTimersByTime(100);
      await turn();
    }
    expect(states[2]).toBe('connected');
  });

  it.each([1006, 1013])('opens another connection when the server closes one with %s', async (code) => {
    then = (socket) => {
      then = () => {};
      if (code === 1006) socket.terminate();
      else socket.close(code, 'why');
    };
    open();
    await until(() => states.length === 3);
    expect(states).toEqual(['connected', 'lost', 'connected']);
  });

  it.each([4401, 4403])('does not try the same key again after %s', async (code) => {
    then = (socket) => socket.close(code, 'no');
    const turn = holdTime();
    open();
    while (!states.includes('refused')) await turn();
    jest.advanceTimersByTime(60_000);
    await turn();
    expect(new Set(states)).toEqual(new Set(['connected', 'refused']));
    expect(server.clients.size).toBeLessThanOrEqual(1);
  });
});

describe('subscribeOn', () => {
  it('goes on after the last event that came, whenever it is sent again', () => {
    const sinks: { next(result: object): void; error(fault: unknown): void }[] = [];
    const payloads: object[] = [];
    const socket = {
      subscribe: (payload: object, sink: never) => (payloads.push(payload), sinks.push(sink), () => {}),
    };
    const sent = () => JSON.parse(JSON.stringify(payloads.at(-1)));
    const [seen, error] = [jest.fn(), jest.fn()];
    subscribeOn(socket as never, { query: 'q', variables: { a: 1 } }, { next: seen, error, complete() {} });
    expect(sent()).toEqual({ query: 'q', variables: { a: 1 } });
    sinks[0].next({ data: { progress: { event: null } } });
    expect(sent()).toEqual({ query: 'q', variables: { a: 1 } });
    sinks[0].next({ data: { progress: { event: 7 } } });
    sinks[0].next({ data: null, errors: [] });
    expect(sent()).toEqual({ query: 'q', variables: { a: 1, after: 7 } });
    expect(seen).toHaveBeenCalledTimes(3);
  });
});
