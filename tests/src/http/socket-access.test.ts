import { KEYS } from '../../support/fake-ports';
import { openSocket, server, start } from '../../support/fake-server';

describe('the key of a socket', () => {
  const ADMIN = `Bearer ${KEYS.ADMIN}`;
  const CREATE = 'mutation { createApiKey(input: { name: "till", role: READER }) { secret } }';

  it.each<[string, object | undefined, Record<string, string>]>([
    ['authorization', { authorization: ADMIN }, {}],
    ['Authorization', { Authorization: ADMIN }, {}],
    ['headers.authorization', { headers: { authorization: ADMIN } }, {}],
    ['headers.Authorization', { headers: { Authorization: ADMIN } }, {}],
    ['the header of the upgrade request', undefined, { authorization: ADMIN }],
    ['two places that agree', { authorization: ADMIN }, { authorization: ADMIN }],
    ['its place, beside a key of a proxy in front', { authorization: ADMIN }, { 'x-api-key': 'of the proxy' }],
  ])('takes the key from %s', async (_place, payload, headers) => {
    await start();
    const socket = await openSocket({ headers });
    socket.send({ type: 'connection_init', ...(payload && { payload }) });
    expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
    socket.send({ type: 'subscribe', id: '1', payload: { query: CREATE } });
    expect(await socket.next()).toMatchObject({ payload: { data: { createApiKey: { secret: 'secret' } } } });
  });

  it.each<[string, object, Record<string, string>, string]>([
    ['a number', { authorization: 7 }, {}, 'connectionParams.authorization: expected a text, got another type'],
    ['an object', { Authorization: {} }, {}, 'connectionParams.Authorization: expected a text, got another type'],
    [
      'an empty text',
      { authorization: '' },
      {},
      'authorization: expected "Bearer <key>", got none; createApiKey makes keys',
    ],
    [
      'another scheme',
      { headers: { authorization: 'Basic abc' } },
      {},
      'expected "Bearer <key>", got another form; createApiKey makes keys',
    ],
    [
      'a key without a scheme',
      { authorization: KEYS.ADMIN },
      {},
      'expected "Bearer <key>", got another form; createApiKey makes keys',
    ],
    [
      'an unknown key',
      { authorization: 'Bearer nobody' },
      {},
      'expected a valid API key, got an unknown or expired one; createApiKey makes another',
    ],
    ['headers that are a text', { headers: ADMIN }, {}, 'connectionParams.headers: expected an object'],
    ['another place', { authToken: ADMIN }, {}, 'connectionParams.authToken: expected the key in'],
    ['another header', { headers: { 'x-api-key': KEYS.ADMIN } }, {}, 'connectionParams.headers.x-api-key: expected'],
    ['another header of the upgrade request', {}, { 'x-api-key': KEYS.ADMIN }, 'x-api-key: expected the key as'],
    ['two that differ', { authorization: ADMIN, Authorization: 'Bearer x' }, {}, 'expected one value, got different'],
    ['one that the upgrade contradicts', { authorization: ADMIN }, { authorization: 'Bearer x' }, 'expected one value'],
  ])('refuses %s where the key belongs, instead of ignoring it', async (_what, payload, headers, reason) => {
    await start();
    const socket = await openSocket({ headers });
    socket.send({ type: 'connection_init', payload });
    expect(await socket.closed).toEqual({ code: 4401, reason: expect.stringContaining(reason) });
  });

  it.each(['é', '語', '🐯'])('closes for a misplaced key with its code, whatever its name has: %s', async (letter) => {
    await start();
    const socket = await openSocket();
    socket.send({ type: 'connection_init', payload: { [`token${letter.repeat(100)}`]: 'x' } });
    const { code, reason } = await socket.closed;
    expect([code, Buffer.byteLength(reason) <= 123]).toEqual([4401, true]);
    expect(reason).toMatch(new RegExp(`^UNAUTHENTICATED connectionParams.token(${letter}){20,}$`, 'u'));
  });
});

describe('the origin of a socket', () => {
  it('accepts sockets of its own and of allowed origins, and no others', async () => {
    await start({ ALLOWED_ORIGINS: 'https://shop.example' });
    for (const origin of [server.url, 'https://shop.example']) await openSocket({ headers: { origin } });
    for (const origin of ['https://evil.example', 'null', 'https://shop.example.evil.example']) {
      await expect(openSocket({ headers: { origin } })).rejects.toThrow('403');
    }
  });

  it.each<[string, NodeJS.ProcessEnv, string, string, boolean]>([
    ['a page of localhost', {}, 'http://localhost:4000', 'localhost:4000', true],
    ['a page of a machine on the network', {}, 'http://shelf:4000', 'shelf:4000', true],
    ['a page of a local domain', {}, 'http://shelf.local:4000', 'shelf.local:4000', true],
    ['a page of an address', {}, 'http://192.168.1.7:4000', '192.168.1.7:4000', true],
    ['another port of the same machine', {}, 'http://localhost:3000', 'localhost:4000', false],
    ['a foreign name that points here', {}, 'http://evil.example:4000', 'evil.example:4000', false],
    ['a name that PUBLIC_URL has', { PUBLIC_URL: 'https://a.example' }, 'https://a.example', 'internal:4000', true],
    ['a name that PUBLIC_URL lacks', { PUBLIC_URL: 'https://a.example' }, 'https://b.example', 'b.example', false],
  ])('judges %s by its name, not by the Host header alone', async (_what, env, origin, host, isAllowed) => {
    await start(env);
    if (isAllowed) await openSocket({ headers: { origin, host } });
    else await expect(openSocket({ headers: { origin, host } })).rejects.toThrow('403');
  });
});
