import { toGlobalId } from '../../../graphql/common/global-id';
import { serveFakeApi } from '../../support/fake-api';
import { OPERATIONS } from '../../support/operations';

const api = serveFakeApi();

describe('AuditResolver', () => {
  it('shows admins who did what', async () => {
    const { auditLog } = (await api.admin.execute(OPERATIONS['audit-log'])).expectData();
    expect(auditLog.nodes).toEqual([
      {
        at: '2024-01-02T03:04:05.000Z',
        role: 'ADMIN',
        caller: 'shop',
        apiKeyId: toGlobalId('ApiKey', 5),
        mutation: 'upsertItems',
        input: '{}',
        outcome: 'OK',
        errorCode: null,
      },
    ]);
  });

  it('tells what failed by its code', async () => {
    const [entry] = (await api.app.services.audit.entries({ first: 1, after: null })).edges;
    const outcomes = ['FORBIDDEN', 'STARTED'];
    jest.spyOn(api.app.services.audit, 'entries').mockResolvedValueOnce({
      edges: outcomes.map((outcome) => ({ ...entry, node: { ...entry.node, outcome } })),
      hasNextPage: false,
    });
    expect((await api.admin.execute(OPERATIONS['audit-log'])).expectData().auditLog.nodes).toMatchObject([
      { outcome: 'FAILED', errorCode: 'FORBIDDEN' },
      { outcome: 'STARTED', errorCode: null },
    ]);
  });

  it('shows nobody else', async () => {
    for (const client of [api.reader, api.writer]) {
      expect((await client.execute(OPERATIONS['audit-log'])).expectErrors()).toEqual(['FORBIDDEN']);
    }
  });
});

describe('auditMutations', () => {
  const lastEntry = () => api.app.services.audited.at(-1);

  it('enters each mutation with its key, its input and what came of it', async () => {
    const remove = async (id: string) =>
      api.admin.execute(OPERATIONS['remove-items'], { input: { items: [{ id: id }] } });
    await remove(toGlobalId('Item', 1));
    const entry = { role: 'ADMIN', caller: 'admin', apiKeyId: 3, mutation: 'removeItems' };
    expect(lastEntry()).toMatchObject({ ...entry, input: '{"items":"1 entries"}', outcome: 'OK' });
    await remove('nonsense');
    expect(lastEntry()).toMatchObject({ ...entry, outcome: 'NOT_FOUND' });
    api.app.services.catalogue.removeItems = () => Promise.reject(new Error('inside'));
    await remove(toGlobalId('Item', 1));
    expect(lastEntry()).toMatchObject({ ...entry, outcome: 'INTERNAL_SERVER_ERROR' });
  });

  it('enters what a key was refused, but nothing of callers without a key', async () => {
    const variables = { input: { name: 'mine', role: 'ADMIN' } };
    await api.writer.execute(OPERATIONS['create-api-key'], variables);
    expect(lastEntry()).toMatchObject({ caller: 'writer', mutation: 'createApiKey', outcome: 'FORBIDDEN' });
    const { length } = api.app.services.audited;
    (await api.reader.execute(OPERATIONS['create-api-key'], variables)).expectErrors();
    expect(api.app.services.audited).toHaveLength(length);
  });
});
