/** The names of storefront tokens' users in the audit log. */
import { ERASED_NAME, storefrontName } from '../../graphql/audit/audit-mutations';
import { forKeys, pagesOf } from '../storage/bulk-reads';
import type { Database } from '../storage/database';
import type { Transaction } from '../storage/transaction';

/** Takes the names of these users from all entries. The entries stay, and say what was done. */
export async function forgetAuditedUsers(database: Database, externalIds: readonly string[]): Promise<void> {
  const names = new Set(externalIds.map(storefrontName));
  const ids: number[] = [];
  for await (const page of storefrontEntries(database.read))
    for (const { id, caller } of page) if (names.has(caller)) ids.push(id);
  await forKeys(ids, (some) =>
    database.write((transaction) =>
      transaction.auditEntry.updateMany({ where: { id: { in: some } }, data: { caller: ERASED_NAME } }),
    ),
  );
}

/** No index has the names, so all entries of the role are looked at; the log keeps some number of them. */
function storefrontEntries({ auditEntry }: Transaction): AsyncGenerator<{ id: number; caller: string }[]> {
  const read = (after: number, take: number) =>
    auditEntry.findMany({
      where: { role: 'STOREFRONT', id: { gt: after } },
      select: { id: true, caller: true },
      orderBy: { id: 'asc' },
      take,
    });
  return pagesOf(0, read, ({ id }) => id);
}
