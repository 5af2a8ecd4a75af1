/** Makes, checks and revokes API keys. The database keeps only the hash of a secret. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

import type { Role } from '../../graphql/api-key/records';
import type { UserErrorRecord } from '../../graphql/common/records';
import { userError } from '../../graphql/common/user-errors';
import type { ApiKeys as ApiKeysPort } from '../../graphql/context';
import type { Database } from '../storage/database';

/** Other processes make and revoke keys too. This one may notice it this much later. */
const FRESH_MS = 5_000;

interface KnownKey {
  readonly role: Role;
  readonly hash: Buffer;
}

export class ApiKeys implements ApiKeysPort {
  /** The keys that were not revoked at `readAt`. */
  private known: readonly KnownKey[] = [];
  private readAt = -Infinity;

  constructor(private readonly database: Database) {}

  /** The secret is 256 random bits, so nobody can find it by hashing guesses. */
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

  /** @returns The role of the key with this secret; null when there is no such key, or it is revoked. */
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
   * Makes an admin key when there is none.
   *
   * @param configured - The secret of an admin key that must exist; undefined: any admin key is enough.
   * @returns The secret of a key with a new, random secret, to be shown once; null when none was made.
   */
  async ensureAdminKey(configured: string | undefined): Promise<string | null> {
    if (configured !== undefined) {
      if ((await this.roleOf(configured)) !== 'ADMIN') await this.store('configured', 'ADMIN', configured);
      return null;
    }
    const admins = await this.database.read.apiKey.count({ where: { role: 'ADMIN', revokedAt: null } });
    return admins > 0 ? null : (await this.create('first', 'ADMIN')).secret;
  }

  /** A configured secret may belong to a key that was revoked or has another role; that key is then changed. */
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

/** Compares every key, each in constant time, so that the time it takes tells nothing about the keys. */
function roleAmong(keys: readonly KnownKey[], hash: Buffer): Role | null {
  let role: Role | null = null;
  for (const key of keys) if (timingSafeEqual(key.hash, hash)) role = key.role;
  return role;
}

/** @returns SHA-256, in hexadecimal. */
function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
