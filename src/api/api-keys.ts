/** Keys to the API: made, checked and taken back. Only a secret's hash is kept. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

import type { Role } from '../../graphql/api-key/records';
import type { UserErrorRecord } from '../../graphql/common/records';
import { userError } from '../../graphql/common/user-errors';
import type { ApiKeys as ApiKeysPort } from '../../graphql/context';
import type { Database } from '../storage/database';

/** Another process may make and revoke keys: for so long its doings may go unseen. */
const FRESH_MS = 5_000;

interface KnownKey {
  readonly role: Role;
  readonly hash: Buffer;
}

export class ApiKeys implements ApiKeysPort {
  /** Keys that are not revoked, as they were at `readAt`. */
  private known: readonly KnownKey[] = [];
  private readAt = -Infinity;

  constructor(private readonly database: Database) {}

  /** The secret is 256 random bits, so that a plain hash of it cannot be guessed from. */
  async create(
    name: string,
    role: Role,
  ): Promise<{ id: number; secret: string; userErrors: readonly UserErrorRecord[] }> {
    const secret = `tql_${randomBytes(32).toString('base64url')}`;
    const id = await this.store(name, role, secret);
    return { id, secret, userErrors: [] };
  }

  async revoke(id: number): Promise<{ revoked: boolean; userErrors: readonly UserErrorRecord[] }> {
    const revoked = await this.database.write(async (transaction) => {
      const where = { id, revokedAt: null };
      const { count } = await transaction.apiKey.updateMany({ where, data: { revokedAt: new Date() } });
      return count > 0;
    });
    await this.refresh();
    if (revoked) return { revoked, userErrors: [] };
    return {
      revoked,
      userErrors: [userError('NOT_FOUND', `apiKeyId: expected a key that is in use, got ${id}`, 'apiKeyId')],
    };
  }

  /** @returns The role that the secret gives; null when it is nobody's, or revoked. */
  async roleOf(secret: string): Promise<Role | null> {
    const hash = Buffer.from(hashOf(secret), 'hex');
    if (performance.now() - this.readAt < FRESH_MS) {
      const role = roleAmong(this.known, hash);
      if (role !== null) return role;
    }
    await this.refresh();
    return roleAmong(this.known, hash);
  }

  /**
   * Sees to it that there is an admin key.
   *
   * @param configured - The secret that it shall have; undefined: one is made when there is no admin key at all.
   * @returns A secret that was made now, to be shown once; null when none was.
   */
  async ensureAdminKey(configured: string | undefined): Promise<string | null> {
    if (configured !== undefined) {
      if ((await this.roleOf(configured)) !== 'ADMIN') await this.store('configured', 'ADMIN', configured);
      return null;
    }
    const admins = await this.database.read.apiKey.count({ where: { role: 'ADMIN', revokedAt: null } });
    return admins > 0 ? null : (await this.create('first', 'ADMIN')).secret;
  }

  /** A configured secret may be one that was revoked, or had another role: it is the newest will that counts. */
  private async store(name: string, role: Role, secret: string): Promise<number> {
    const hash = hashOf(secret);
    const { id } = await this.database.write((transaction) =>
      transaction.apiKey.upsert({
        where: { hash },
        create: { name, role, hash },
        update: { name, role, revokedAt: null },
      }),
    );
    await this.refresh();
    return id;
  }

  private async refresh(): Promise<void> {
    const rows = await this.database.read.apiKey.findMany({ where: { revokedAt: null } });
    this.known = rows.map(({ role, hash }) => ({ role: role as Role, hash: Buffer.from(hash, 'hex') }));
    this.readAt = performance.now();
  }
}

/** Compares every key, each in constant time, so that the time taken says nothing about any of them. */
function roleAmong(keys: readonly KnownKey[], hash: Buffer): Role | null {
  let role: Role | null = null;
  for (const key of keys) if (timingSafeEqual(key.hash, hash)) role = key.role;
  return role;
}

/** @returns SHA-256, in hexadecimal. */
function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
