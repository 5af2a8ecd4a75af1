import { tracedDatabase } from '../../../src/storage/database';
import { traced } from '../../../src/tracing';
import { openTestDatabase } from '../../support/database';
import { spansOf } from '../../support/spans';

describe('tracedDatabase', () => {
  it("makes each read and each transaction a part of the request's trace, and names the table read", async () => {
    const opened = await openTestDatabase();
    const database = tracedDatabase(opened.database);
    const spans = await spansOf(() =>
      traced('request', async () => {
        await database.hotPath.rowsIn('SELECT "id" FROM "User" WHERE "id" IN', [1]);
        await database.read.item.count();
        await database.write((transaction) => transaction.item.count());
      }),
    );
    await opened.dispose();
    const request = spans.find(({ name }) => name === 'request')!.spanContext();
    const parts = spans.filter(({ parentSpanContext }) => parentSpanContext?.spanId === request.spanId);
    expect(parts.map(({ name, attributes }) => [name, attributes['db.collection.name']])).toEqual([
      ['database read', 'User'],
      ['database read', 'Item'],
      ['database write', undefined],
    ]);
  });
});
