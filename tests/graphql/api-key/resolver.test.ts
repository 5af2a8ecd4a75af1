import { toGlobalId } from '../../../graphql/common/global-id';
import { serveFakeApi } from '../../support/fake-api';
import { OPERATIONS } from '../../support/operations';

const api = serveFakeApi();

describe('ApiKeyResolver', () => {
  it('a key is made, shown once, and ended by its id', async () => {
    const input = { name: 'shop', role: 'WRITER' };
    const { createApiKey } = (await api.admin.execute(OPERATIONS['create-api-key'], { input })).expectData();
    expect(createApiKey).toMatchObject({ apiKey: { id: toGlobalId('ApiKey', 5), role: 'WRITER' }, secret: 'secret' });
    const revoked = await api.admin.execute(OPERATIONS['revoke-api-key'], {
      input: { apiKeyId: createApiKey.apiKey.id },
    });
    expect(revoked.expectData().revokeApiKey.apiKey.id).toBe(createApiKey.apiKey.id);
    expect(api.callsOf('revoke')).toEqual([[5]]);
  });

  it('lists keys for admins alone, without their secrets', async () => {
    const { apiKeys } = (await api.admin.execute(OPERATIONS['api-keys'])).expectData();
    expect(apiKeys.nodes).toEqual([
      {
        id: toGlobalId('ApiKey', 5),
        name: 'shop',
        prefix: 'tql_abcdefgh',
        role: 'WRITER',
        createdAt: '2024-01-02T03:04:05.000Z',
        lastUsedAt: null,
        expiresAt: null,
        revokedAt: null,
      },
    ]);
    for (const client of [api.reader, api.writer]) {
      expect((await client.execute(OPERATIONS['api-keys'])).expectErrors()).toEqual(['FORBIDDEN']);
    }
  });

  it('revokeApiKey names an id of nothing', async () => {
    const data = (await api.admin.execute(OPERATIONS['revoke-api-key'], { input: { apiKeyId: 'x' } })).expectData();
    const message = 'apiKeyId: expected the id of an API key, got "x"';
    expect(data.revokeApiKey.userErrors).toEqual([{ code: 'NOT_FOUND', message, field: ['apiKeyId'] }]);
  });
});
