import type { IncomingMessage } from 'node:http';
import { hostname } from 'node:os';

import { isFromOwnPage, isHostOwn, isOriginAllowed } from '../../../src/http/own-names';

const NONE = { allowedOrigins: [], publicUrls: [] };
const NAMED = { allowedOrigins: ['https://shop.example'], publicUrls: ['https://reco.example'] };
const requestWith = (headers: Record<string, string>) => ({ headers }) as unknown as IncomingMessage;

describe('isHostOwn', () => {
  const isOwn = (host: string, config: typeof NAMED | typeof NONE = NONE) => isHostOwn(requestWith({ host }), config);

  it.each([
    '127.0.0.1:4000',
    '[::1]:4000',
    'localhost:4000',
    'a.localhost',
    'printer.local',
    'shop.home.arpa',
    'api.internal',
    'intranet',
    hostname(),
  ])('takes %s, which no foreign page can have', (host) => {
    expect(isOwn(host)).toBe(true);
  });

  it.each(['evil.example', 'evil.example:4000', '127.0.0.1.evil.example', 'localhost.evil.example', 'notlocal.com'])(
    'does not take %s, which somebody may own',
    (host) => {
      expect(isOwn(host)).toBe(false);
    },
  );

  it('takes the names of the configuration, at any port, and no name below them', () => {
    expect(isOwn('reco.example', NAMED)).toBe(true);
    expect(isOwn('shop.example:8080', NAMED)).toBe(true);
    expect(isOwn('x.shop.example', NAMED)).toBe(false);
  });

  it('takes any name where every origin may call, and a request without one, which no browser sends', () => {
    expect(isOwn('evil.example', { allowedOrigins: ['*'], publicUrls: [] } as never)).toBe(true);
    expect(isHostOwn(requestWith({}), NONE)).toBe(true);
  });
});

describe('isOriginAllowed', () => {
  const isAllowed = (origin: string | undefined, host: string, config: typeof NAMED | typeof NONE = NONE) =>
    isOriginAllowed(requestWith({ host, ...(origin !== undefined && { origin }) }), config);

  it('takes pages of this server, by a name that is its own', () => {
    expect(isAllowed('http://localhost:4000', 'localhost:4000')).toBe(true);
    expect(isAllowed('http://localhost:5000', 'localhost:4000')).toBe(false);
    expect(isAllowed('http://evil.example:4000', 'evil.example:4000')).toBe(false);
  });

  it('takes the origins of the configuration, whatever name they call by', () => {
    expect(isAllowed('https://shop.example', 'localhost:4000', NAMED)).toBe(true);
    expect(isAllowed('https://reco.example', 'localhost:4000', NAMED)).toBe(true);
    expect(isAllowed('http://shop.example', 'localhost:4000', NAMED)).toBe(false);
  });

  it('takes programs, which send no origin, and no origin that hides its name', () => {
    expect(isAllowed(undefined, 'evil.example')).toBe(true);
    expect(isAllowed('null', 'localhost:4000')).toBe(false);
    expect(isAllowed('null', 'localhost:4000', { allowedOrigins: ['*'], publicUrls: [] } as never)).toBe(true);
  });
});

describe('isFromOwnPage', () => {
  it('goes by what browsers say of the page', () => {
    expect(isFromOwnPage(requestWith({ 'sec-fetch-site': 'same-origin' }), NONE)).toBe(true);
    expect(isFromOwnPage(requestWith({ 'sec-fetch-site': 'same-site' }), NONE)).toBe(false);
    expect(isFromOwnPage(requestWith({ 'sec-fetch-site': 'cross-site', origin: 'https://shop.example' }), NAMED)).toBe(
      true,
    );
    expect(isFromOwnPage(requestWith({ origin: 'https://evil.example' }), NAMED)).toBe(false);
    expect(isFromOwnPage(requestWith({}), NAMED)).toBe(false);
  });

  const LAN = '192.168.1.7:4000';
  it.each<[Record<string, string>, boolean]>([
    [{ host: LAN, referer: `http://${LAN}/items?first=3` }, true],
    [{ host: LAN, origin: `http://${LAN}` }, true],
    [{ host: 'shelf.local', referer: 'http://shelf.local/' }, true],
    [{ host: LAN, referer: 'http://192.168.1.7:5000/' }, false],
    [{ host: LAN, referer: `http://evil.example/http://${LAN}/` }, false],
    [{ host: LAN, referer: `http://${LAN}@evil.example/` }, false],
    [{ host: LAN, referer: `http://${LAN}/`, origin: 'http://evil.example' }, false],
    [{ host: LAN, referer: `http://${LAN}/`, 'sec-fetch-site': 'cross-site' }, false],
    [{ host: 'evil.example', referer: 'http://evil.example/' }, false],
    [{ host: LAN, referer: 'no address' }, false],
  ])('goes by the page that a browser names over plain HTTP: %j', (headers, isOwn) => {
    expect(isFromOwnPage(requestWith(headers), NAMED)).toBe(isOwn);
  });
});
