/** Files in pieces in a table of PostgreSQL, so that servers share them without another store. Each call has a connection of its own. */
import type { Client } from 'pg';

import { DATABASE_DEFAULTS, type DatabaseSettings } from '../config';
import { connectWithRetries } from './postgresql-pool';

const CHUNK_BYTES = 4_000_000;
/** After this time without an answer, the database's machine counts as gone. A piece takes less than a second. */
const ANSWER_TIMEOUT_MS = 30_000;

export class ChunkBlobs {
  readonly place = 'PostgreSQL';

  constructor(
    private readonly url: string,
    private readonly settings: DatabaseSettings = DATABASE_DEFAULTS,
  ) {}

  put(name: string, bytes: Buffer): Promise<void> {
    return this.connected(async (client) => {
      await client.query('BEGIN');
      await client.query('DELETE FROM "CheckpointChunk" WHERE "file" = $1', [name]);
      const insert = 'INSERT INTO "CheckpointChunk" ("file", "part", "data", "storedAt") VALUES ($1, $2, $3, now())';
      for (let part = 0; part === 0 || part * CHUNK_BYTES < bytes.length; part++) {
        const data = bytes.subarray(part * CHUNK_BYTES, (part + 1) * CHUNK_BYTES);
        await client.query(insert, [name, part, data]);
      }
      await client.query('COMMIT');
    });
  }

  get(name: string): Promise<Buffer | null> {
    return this.connected(async (client) => {
      const chunks: Buffer[] = [];
      for (;;) {
        const select = 'SELECT "data" FROM "CheckpointChunk" WHERE "file" = $1 AND "part" = $2';
        const { rows } = await client.query<{ data: Buffer }>(select, [name, chunks.length]);
        if (rows.length === 0) return chunks.length === 0 ? null : Buffer.concat(chunks);
        chunks.push(rows[0].data);
      }
    });
  }

  list(prefix: string): Promise<string[]> {
    return this.connected(async (client) => {
      const select = 'SELECT "file" FROM "CheckpointChunk" WHERE starts_with("file", $1) AND "part" = 0';
      return (await client.query<{ file: string }>(select, [prefix])).rows.map(({ file }) => file);
    });
  }

  remove(names: readonly string[]): Promise<void> {
    return this.connected(
      async (client) => void (await client.query('DELETE FROM "CheckpointChunk" WHERE "file" = ANY($1)', [names])),
    );
  }

  private async connected<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = await connectWithRetries(this.url, this.settings, { query_timeout: ANSWER_TIMEOUT_MS });
    try {
      return await work(client);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
