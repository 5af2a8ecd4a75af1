import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import * as jose from 'jose';

import { issuerKeys } from '../../../src/api/storefront-tokens';

let issuer: Server;
let url: URL;
let keys: object[];

beforeEach(async () => {
  issuer = createServer((_request, response) => void response.end(JSON.stringify({ keys })));
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  url = new URL(`http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks.json`);
});
afterEach(() => issuer.close());

/** @returns A token whose key the issuer publishes from now on. */
async function published(kid: string): Promise<string> {
  const { publicKey, privateKey } = await jose.generateKeyPair('ES256');
  keys = [{ ...(await jose.exportJWK(publicKey)), kid, alg: 'ES256' }];
  return new jose.SignJWT().setProtectedHeader({ alg: 'ES256', kid }).setSubject('ada').sign(privateKey);
}

async function goAway(): Promise<void> {
  const closed = new Promise((resolve) => issuer.close(resolve));
  issuer.closeAllConnections();
  await closed;
}

describe('issuerKeys', () => {
  it('holds the keys that the issuer gave last while it does not answer', async () => {
    const token = await published('one');
    const getKey = issuerKeys(jose, url, { cacheMaxAge: 1 });
    expect((await jose.jwtVerify(token, getKey)).payload.sub).toBe('ada');
    await goAway();
    for (let i = 0; i < 3; i++) expect((await jose.jwtVerify(token, getKey)).payload.sub).toBe('ada');
    const unknown = await published('two');
    await expect(jose.jwtVerify(unknown, getKey)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
  });
});
