import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../../../src/paths';
import { type Request, ask, refusalOf, server, start } from '../../support/both-protocols';
import { OPERATIONS } from '../../support/operations';

describe('trusted documents, over HTTP and over WebSocket', () => {
  const FOLDER = join(PACKAGE_ROOT, 'graphql', 'operations');
  const TRUSTED = { TIGERQL_TRUSTED_DOCUMENTS: FOLDER };
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const byHash = (sha256Hash: string) => ({ query: '', extensions: { persistedQuery: { version: 1, sha256Hash } } });
  const CATALOGUE = OPERATIONS.catalogue;

  it.each<[string, Request]>([
    ['in full', { query: CATALOGUE }],
    ['by its hash', byHash(sha256(CATALOGUE))],
    ['by its hash, and in full', { ...byHash(sha256(CATALOGUE)), query: CATALOGUE }],
    ['by its name', { query: '', documentId: 'catalogue' }],
    ['by its hash as an id', { query: '', documentId: `sha256:${sha256(CATALOGUE)}` }],
  ])('run a registered document that is given %s', async (_how, request) => {
    await start(TRUSTED);
    const { data, errors } = await ask(request);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ catalogue: { version: 7 } });
  });

  it.each<[string, Request, string]>([
    ['another text', { query: '{ __typename }' }, 'UNTRUSTED_DOCUMENT'],
    ['what tools ask about the schema', { query: '{ __schema { types { name } } }' }, 'UNTRUSTED_DOCUMENT'],
    ['a registered document with one blank more', { query: `${CATALOGUE} ` }, 'UNTRUSTED_DOCUMENT'],
    ['a text that is no document', { query: '{ items(' }, 'UNTRUSTED_DOCUMENT'],
    ['an unknown hash', byHash(sha256('{ __typename }')), 'PERSISTED_QUERY_NOT_FOUND'],
    ['an unknown name', { query: '', documentId: 'nothing' }, 'PERSISTED_QUERY_NOT_FOUND'],
    [
      'an attempt to register another',
      { ...byHash(sha256('{ __typename }')), query: '{ __typename }' },
      'PERSISTED_QUERY_NOT_FOUND',
    ],
  ])('refuse %s', async (_what, request, code) => {
    await start(TRUSTED);
    const answer = await ask(request);
    expect(answer.data).toBeUndefined();
    expect(answer.errors?.map(({ extensions }) => extensions?.code)).toEqual([code]);
  });

  it('are named in the address too', async () => {
    await start(TRUSTED);
    const headers = { 'apollo-require-preflight': 'true' };
    const extensions = encodeURIComponent(JSON.stringify(byHash(sha256(CATALOGUE)).extensions));
    for (const search of [`extensions=${extensions}`, 'documentId=catalogue']) {
      const response = await fetch(`${server.url}/graphql?${search}`, { headers });
      expect(await response.json()).toMatchObject({ data: { catalogue: { version: 7 } } });
    }
  });

  it('are said not to be supported where none are registered', async () => {
    await start();
    expect(refusalOf(await ask(byHash(sha256(CATALOGUE))))).toEqual([
      ['PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported'],
    ]);
  });
});
