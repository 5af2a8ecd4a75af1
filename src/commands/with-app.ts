/** Opens the app for a command that needs its services, and closes it whatever happens. */
import type { UserErrorRecord } from '../../graphql/common/records';
import { createApp, type TigerApp } from '../app';
import { CommandError, type CommandEnvironment } from './command';

export async function withApp<T>(
  { config, stderr }: CommandEnvironment,
  work: (app: TigerApp) => Promise<T>,
): Promise<T> {
  const { logLevel, ...rest } = config();
  // What a server tells its log at every start is noise under a command; and whoever may read the database may read.
  const app = await createApp({ ...rest, logLevel: logLevel === 'info' ? 'warn' : logLevel, readAccess: 'open' });
  try {
    if (app.newAdminKey !== null) stderr.write(`${adminKeyNotice(app.newAdminKey)}\n`);
    return await work(app);
  } finally {
    await app.dispose();
  }
}

/** The first admin key is made by whatever opens the app first, and can be shown only then. */
export function adminKeyNotice(secret: string): string {
  return `Admin key  ${secret}  (shown this once: keep it)`;
}

/** @throws {CommandError} With the messages of all of them, when there are any. */
export function throwUserErrors(userErrors: readonly UserErrorRecord[]): void {
  if (userErrors.length > 0) throw new CommandError(userErrors.map(({ message }) => message).join('; '));
}
