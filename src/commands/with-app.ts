/** Opens the app for a command that needs its services, and always closes it. */
import type { UserErrorRecord } from '../../graphql/common/records';
import { createApp, type TigerApp } from '../app';
import { CommandError, type CommandEnvironment } from './command';

export async function withApp<T>(
  { config, stderr }: CommandEnvironment,
  work: (app: TigerApp) => Promise<T>,
): Promise<T> {
  const { logLevel, ...rest } = config();
  // A command does not need the server's start messages. Access is open, because this process can read the database anyway. What a
  // command starts, it does itself.
  const app = await createApp({
    ...rest,
    logLevel: logLevel === 'info' ? 'warn' : logLevel,
    readAccess: 'open',
    role: 'both',
  });
  try {
    if (app.newAdminKey !== null) stderr.write(`${adminKeyNotice(app.newAdminKey)}\n`);
    return await work(app);
  } finally {
    await app.dispose();
  }
}

/** The first process that opens the app makes the first admin key. Only then can it be shown. */
export function adminKeyNotice(secret: string): string {
  return `Admin key  ${secret}  (shown only this once: keep it)`;
}

/** @throws {CommandError} When there are errors; its message has the messages of all of them. */
export function throwUserErrors(userErrors: readonly UserErrorRecord[]): void {
  if (userErrors.length > 0) throw new CommandError(userErrors.map(({ message }) => message).join('; '));
}
