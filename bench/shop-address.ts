/** The place of a shop of the bench, and the ids of its users. */
import { join } from 'node:path';

export const ADMIN_KEY = 'bench-admin-key-0123456789';

export function databaseUrl(dir: string): string {
  return `file:${join(dir, 'shop.db')}`;
}

/** @returns The environment variables of a server on that shop. */
export function shopEnvironment(dir: string, port = 0): Record<string, string> {
  return {
    PORT: String(port),
    HOST: '127.0.0.1',
    DATABASE_URL: databaseUrl(dir),
    DATA_DIR: dir,
    TIGERQL_ADMIN_KEY: ADMIN_KEY,
    TIGERQL_DEMO: 'false',
    TIGERQL_READ_ACCESS: 'open',
    LOG_LEVEL: 'error',
  };
}

export function userIdOf(user: number): string {
  return `user-${user}`;
}
