/** Refuses a PostgreSQL database or role on whose settings some calls would fail later. */
import type { Client } from 'pg';

import type { DatabaseSettings } from '../config';

type Ask = (sql: string) => Promise<readonly (string | null)[][]>;

/**
 * These are the first questions to the server, and wait for no lock. So they have a time limit: a server that lets one in and then says
 * nothing, as a pooler before a dead one, would hold up the start for good.
 *
 * @throws What is set otherwise, and how to change it.
 */
export async function checkPostgresql(connection: Client, { connectTimeoutMs }: DatabaseSettings): Promise<void> {
  const options = { rowMode: 'array' as const, query_timeout: connectTimeoutMs };
  const ask: Ask = async (text) => (await connection.query<(string | null)[]>({ text, ...options })).rows;
  for (const check of [checkEncoding, checkSchema, checkDateStyle]) await check(ask);
}

/** Any other encoding refuses some texts, so that calls and imports with such a text fail. */
async function checkEncoding(ask: Ask): Promise<void> {
  const [[encoding]] = await ask('SELECT getdatabaseencoding()');
  if (encoding === 'UTF8') return;
  throw new Error(
    `the encoding ${encoding} in place of UTF8, which alone keeps all texts; ` +
      `make another database, with ENCODING 'UTF8' TEMPLATE template0`,
  );
}

/** Prisma names the schema `public` in its queries, and the other queries name none. */
async function checkSchema(ask: Ask): Promise<void> {
  const [[schema]] = await ask('SELECT current_schema()');
  if (schema === 'public') return;
  throw new Error(
    `${schema === null ? 'no schema' : `the schema ${schema}`} in place of public, where the tables are; ` +
      `run ${await alterRole(ask)} search_path = public`,
  );
}

/** Times come as text in the style of the session, and the driver and the hot-path queries read ISO alone. */
async function checkDateStyle(ask: Ask): Promise<void> {
  const [[style]] = await ask(`SELECT current_setting('DateStyle')`);
  if (style?.startsWith('ISO')) return;
  throw new Error(`the DateStyle ${style} in place of ISO; run ${await alterRole(ask)} DateStyle = ISO`);
}

async function alterRole(ask: Ask): Promise<string> {
  const [[role, database]] = await ask('SELECT current_user, current_database()');
  return `ALTER ROLE "${role}" IN DATABASE "${database}" SET`;
}
