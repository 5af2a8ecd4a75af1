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
    jest.spyOn(api.app.services.audit, 'entries').mockResolvedValueOnce({
      edges: [{ ...entry, node: { ...entry.node, outcome: 'FORBIDDEN' } }],
      hasNextPage: false,
    });
    expect((await api.admin.execute(OPERATIONS['audit-log'])).expectData().auditLog.nodes).toMatchObject([
      { outcome: 'FAILED', errorCode: 'FORBIDDEN' },
    ]);
  });

  it('shows nobody else', async () => {
    for (const client of [api.reader, api.writer]) {
      expect((await client.execute(OPERATIONS['audit-log'])).expectErrors()).toEqual(['FORBIDDEN']);
    }
  });
});
