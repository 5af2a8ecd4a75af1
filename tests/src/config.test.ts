import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { DEVICE_KINDS } from '../../models/compute/device';
import { KIND_RULES } from '../../models/data/kinds';
import { ConfigError, readConfig, VARIABLE_NAMES, withoutPassword } from '../../src/config';
import { PACKAGE_ROOT } from '../../src/paths';

describe('readConfig', () => {
  it('needs no variable at all', () => {
    expect(readConfig({})).toMatchObject({
      ...{ port: 4000, host: '0.0.0.0', databaseUrl: 'file:./data/tigerql.db', checkpoints: 'file', role: 'both' },
      ...{ dataDir: './data', backend: 'auto', demo: true, readAccess: undefined, kinds: KIND_RULES },
    });
  });

  it.each([
    [{ TIGERQL_JWT_SECRET: 's'.repeat(32) }, 'catalogue'],
    [{ TIGERQL_JWKS_URL: 'https://id.example.com/jwks.json' }, 'catalogue'],
    [{ TIGERQL_JWT_SECRET: 's'.repeat(32), TIGERQL_READ_ACCESS: 'open' }, 'open'],
    [{}, undefined],
  ])('does not leave reading to the demo shop where users have tokens: %j', (environment, readAccess) => {
    expect(readConfig(environment)).toMatchObject({ readAccess });
  });

  it('reads each kind of value', () => {
    const environment = {
      PORT: '0',
      TIGERQL_DEMO: '0',
      TIGER_BACKEND: 'onnx-cpu',
      DATABASE_URL: 'postgresql://shop@db/tigerql',
      ALLOWED_ORIGINS: 'https://a.example/, http://b.example:3000',
      TIGERQL_IMAGE_ORIGINS: '*',
      TIGERQL_TRUSTED_PROXIES: '10.0.0.0/8, ::1',
    };
    expect(readConfig(environment)).toMatchObject({
      port: 0,
      demo: false,
      backend: 'onnx-cpu',
      databaseUrl: 'postgresql://shop@db/tigerql',
      allowedOrigins: ['https://a.example', 'http://b.example:3000'],
      imageOrigins: ['*'],
      trustedProxies: ['10.0.0.0/8', '::1'],
    });
  });

  it('changes the rules of the kinds that are named, and lets a kind that counts nothing hide nothing', () => {
    expect(readConfig({ TIGERQL_KINDS: 'VIEW=.2, PURCHASE=0,LIKE=3:hide,RATING=1:keep' }).kinds).toEqual({
      ...KIND_RULES,
      VIEW: { weight: 0.2, hidesItem: false },
      PURCHASE: { weight: 0, hidesItem: false },
      LIKE: { weight: 3, hidesItem: true },
      RATING: { weight: 1, hidesItem: false },
    });
    for (const wrong of ['VIEW', 'SALE=1', 'VIEW=11', 'VIEW=.123', 'VIEW=1:show', 'VIEW=1,', 'VIEW=-1'])
      expect(() => readConfig({ TIGERQL_KINDS: wrong })).toThrow(/^TIGERQL_KINDS: expected KIND=WEIGHT, .*, got/);
  });

  it.each([
    [
      'TIGERQL_TRUSTED_PROXIES',
      '10.0.0.0/33',
      'TIGERQL_TRUSTED_PROXIES: expected addresses or subnets such as 10.0.0.0/8, separated by commas, got "10.0.0.0/33"',
    ],
    ['PORT', '70000', 'PORT: expected a whole number from 0 to 65535, got "70000"'],
    ['DATABASE_URL', 'mysql://x', 'DATABASE_URL: expected file:… or postgresql://…, got "mysql://x"'],
    ['TIGERQL_DEMO', 'yes', 'TIGERQL_DEMO: expected one of true, false, 1, 0, got "yes"'],
    ['TIGERQL_JWT_SECRET', 'short', 'TIGERQL_JWT_SECRET: expected a secret of at least 32 bytes, got 5 characters'],
    [
      'ALLOWED_ORIGINS',
      'shop.example',
      'ALLOWED_ORIGINS: expected * or origins such as https://shop.example.com, separated by commas, got "shop.example"',
    ],
    [
      'DATABASE_URL',
      'postgresql://me:secret@db/shop?schema=shop',
      'DATABASE_URL: expected no schema but public, where the tables are, got "postgresql://me:…@db/shop?schema=shop"',
    ],
    [
      'PUBLIC_URL',
      'https://a:b:c',
      'PUBLIC_URL: expected origins such as https://shop.example.com, separated by commas, got "https://a:b:c"',
    ],
    ['TIGER_BACKEND', 'gpu', `TIGER_BACKEND: expected one of auto, ${DEVICE_KINDS.join(', ')}, got "gpu"`],
  ])('refuses %s=%s', (name, value, message) => {
    expect(() => readConfig({ [name]: value })).toThrow(new ConfigError(message));
  });

  it('reads origins as browsers write them', () => {
    const PUBLIC_URL = 'HTTPS://Shop.Example.com:443/, http://bücher.example:80, https://shop.example:8443';
    expect(readConfig({ PUBLIC_URL, ALLOWED_ORIGINS: '*' })).toMatchObject({
      publicUrls: ['https://shop.example.com', 'http://xn--bcher-kva.example', 'https://shop.example:8443'],
      allowedOrigins: ['*'],
    });
  });

  it('names all wrong variables at once', () => {
    expect(() => readConfig({ PORT: 'a', LOG_LEVEL: 'b' })).toThrow(/PORT: .*\nLOG_LEVEL: /);
  });

  it.each([
    ['schöner-schlüssel-1', /^TIGERQL_ADMIN_KEY: expected at least 16 letters, digits and signs of ASCII/],
    [
      'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl',
      /^TIGERQL_ADMIN_KEY: expected a key that has not the form of a JWT, got/,
    ],
  ])('refuses the admin key %s, which would not be taken for one', (key, message) => {
    expect(() => readConfig({ TIGERQL_ADMIN_KEY: key })).toThrow(message);
  });

  it('does not show a key', () => {
    expect(() => readConfig({ TIGERQL_ADMIN_KEY: 'hunter2' })).toThrow(
      new ConfigError(
        'TIGERQL_ADMIN_KEY: expected at least 16 letters, digits and signs of ASCII without blanks, got 7 characters',
      ),
    );
  });
});

describe('docs/configuration.md', () => {
  it('has a row for every variable, and no other', () => {
    const text = readFileSync(join(PACKAGE_ROOT, 'docs', 'configuration.md'), 'utf8');
    const rows = [...text.matchAll(/^\| `([A-Z0-9_]+)`/gm)].map(([, name]) => name);
    expect(rows).toEqual(VARIABLE_NAMES);
    expect(text).toContain(DEVICE_KINDS.map((kind) => `\`${kind}\``).join(', '));
  });
});

describe('withoutPassword', () => {
  it.each([
    ['postgresql://me:sec/ret@db:5432/shop', 'postgresql://me:…@db:5432/shop'],
    ['postgresql://me:sec@ret@db:5432/shop', 'postgresql://me:…@db:5432/shop'],
    ['postgresql://me:sec:ret@db:5432/shop', 'postgresql://me:…@db:5432/shop'],
    ['postgresql://me@db:5432/shop?password=secret&a=b', 'postgresql://me@db:5432/shop?password=…&a=b'],
    ['me:secret@db', 'me:…@db'],
  ])('hides the password of %s', (address, shown) => {
    expect(withoutPassword(address)).toBe(shown);
  });

  it.each(['postgresql://me@db:5432/shop', 'postgresql://db:5432/shop', 'file:./data/shop.db', 'http'])(
    'leaves %s as it is',
    (address) => {
      expect(withoutPassword(address)).toBe(address);
    },
  );
});
