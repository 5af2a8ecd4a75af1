/** Writes what the command line does into the audit log. */
import { shortInput } from '../../graphql/audit/audit-mutations';
import { AuditLog } from '../api/audit-log';
import type { Database } from '../storage/database';

/** Whom the audit log names. */
const AT_COMMAND_LINE = { role: 'ADMIN', caller: 'command line', apiKeyId: null } as const;

/** Runs a change, and stores its entry with it. */
export type EnterMutation = <T>(mutation: string, input: object, run: () => Promise<T>) => Promise<T>;

export function auditOf(database: Database, stderr: NodeJS.WritableStream): EnterMutation {
  const onFailure = (error: unknown) => stderr.write(`The audit log could not be written: ${String(error)}\n`);
  const log = new AuditLog({ database, onFailure });
  const enter = enterInto(log);
  return (...mutation) => enter(...mutation).finally(() => log.settled());
}

export function enterInto(log: Pick<AuditLog, 'enter'>): EnterMutation {
  return (mutation, input, run) => log.enter({ ...AT_COMMAND_LINE, mutation, input: shortInput(input) }, run);
}
