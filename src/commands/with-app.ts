/** Opens the app for a command that needs its services, and always closes it. It is not started, so it makes no admin key. */
import type { UserErrorRecord } from '../../graphql/common/records';
import { createApp, type TigerApp } from '../app';
import { CommandError, type CommandEnvironment } from './command';
import { checkDatabaseExists } from './open-configured';

export async function withApp<T>({ config }: CommandEnvironment, work: (app: TigerApp) => Promise<T>): Promise<T> {
  const { logLevel, ...rest } = config();
  checkDatabaseExists(rest);
  // A command does not need the server's start messages. Access is open, because this process can read the database anyway. What a
  // command starts, it does itself.
  const app = await createApp({
    ...rest,
    logLevel: logLevel === 'info' ? 'warn' : logLevel,
    readAccess: 'open',
    role: 'command',
  });
  try {
    return await work(app);
  } finally {
    await app.dispose();
  }
}

/** @throws {CommandError} When there are errors; its message has the messages of all of them. */
export function throwUserErrors(userErrors: readonly UserErrorRecord[]): void {
  if (userErrors.length > 0) throw new CommandError(userErrors.map(({ message }) => message).join('; '));
}
