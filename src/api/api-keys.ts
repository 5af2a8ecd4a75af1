/** Makes, lists, checks and revokes API keys. The database keeps only the hash of a secret. */
import { randomBytes } from 'node:crypto';

import { LRUCache } from 'lru-cache';

import type { ApiKeyRecord, Role } from '../../graphql/api-key/records';
import { shortInput } from '../../graphql/audit/audit-mutations';
import { userError } from '../../graphql/common/errors';
import type { Page, PageArgs, UserErrorRecord } from '../../graphql/common/records';
import type { ApiKeys as ApiKeysPort } from '../../graphql/context';
import type { ApiKey } from '../../prisma/generated/sqlite/client';
import { sha256Hex } from '../files/disk';
import type { Logger } from '../logger';
import { idCursorsOf, newestFirst, pageOf } from '../storage/cursor-pages';
import type { Database } from '../storage/database';
import type { Transaction } from '../storage/transaction';
import type { AuditLog } from './audit-log';

/** Other processes make and revoke keys too. This one may notice it this much later: open sockets are to end within a second. */
const FRESH_MS = 400;
/** Keys that are remembered, unknown ones too. */
const MAX_REMEMBERED = 10_000;
/** How often the time of the last use is written, per key. */
const LAST_USE_EVERY_MS = 60_000;
/** A listed prefix tells keys apart. It is at most a quarter of the secret, because configured secrets may be short. */
const MAX_PREFIX = 12;

/** Revoked by a person. A key that the server revoked, since another one was configured, is still marked as `isConfigured`. */
const BY_SOMEBODY = { revokedAt: { not: null }, isConfigured: false };
const REVOKED_SECRET =
  'TIGERQL_ADMIN_KEY: expected a key that is in use, got one that was revoked, so it stays so; set another value, or make a key with `tigerql keys create NAME --role ADMIN`';

const KEY_CURSORS = idCursorsOf('apiKeys');

/** A key that is in use, as it is held in memory. */
export type HeldKey = Pick<ApiKeyRecord, 'id' | 'name' | 'role' | 'expiresAt'>;

/** Stands for a key that is not in use. */
const NONE = Symbol('no key');

export class ApiKeys implements ApiKeysPort {
  /** By the hash of the secret, or by the id. A read that began before the last change is not kept. */
  private readonly remembered = new LRUCache<string | number, HeldKey | typeof NONE>({
    max: MAX_REMEMBERED,
    ttl: FRESH_MS,
    fetchMethod: (key) => this.read(typeof key === 'number' ? { id: key } : { hash: key }),
    ignoreFetchAbort: true,
  });
  /** Keys whose last use was noted a moment ago. */
  private readonly noted = new LRUCache<number, true>({ max: MAX_REMEMBERED, ttl: LAST_USE_EVERY_MS });

  constructor(private readonly database: Database) {}

  /** The secret is 256 random bits, so nobody can find it by hashing guesses. */
  async create(
    name: string,
    role: Role,
    expiresAt: Date | null = null,
  ): Promise<{ id: number; secret: string; apiKey: ApiKeyRecord | null; userErrors: readonly UserErrorRecord[] }> {
    const secret = newSecret();
    if (expiresAt !== null && !(expiresAt.getTime() > Date.now())) {
      const message = `expiresAt: expected a time in the future, got ${expiresAt.toISOString()}; give a later one, or none for a key that does not end`;
      return { id: 0, secret: '', apiKey: null, userErrors: [userError('OUT_OF_RANGE', message, 'expiresAt')] };
    }
    const row = await this.database.write((transaction) => store(transaction, { name, role, expiresAt, secret }));
    this.remembered.clear();
    return { id: row.id, secret, apiKey: apiKeyRecord(row), userErrors: [] };
  }

  async revoke(id: number): Promise<{ apiKey: ApiKeyRecord | null; userErrors: readonly UserErrorRecord[] }> {
    const row = await this.database.write(async (transaction) => {
      const where = { id, revokedAt: null };
      const { count } = await transaction.apiKey.updateMany({
        where,
        data: { revokedAt: new Date(), isConfigured: false },
      });
      return count === 0 ? null : transaction.apiKey.findUniqueOrThrow({ where: { id } });
    });
    this.remembered.clear();
    if (row !== null) return { apiKey: apiKeyRecord(row), userErrors: [] };
    return {
      apiKey: null,
      userErrors: [
        userError(
          'NOT_FOUND',
          'apiKeyId: expected a key that is in use, got another one; apiKeys lists them',
          'apiKeyId',
        ),
      ],
    };
  }

  async keys(page: PageArgs): Promise<Page<ApiKeyRecord>> {
    const rows = await this.database.read.apiKey.findMany(newestFirst(page, KEY_CURSORS));
    return pageOf(rows, page.first, KEY_CURSORS, apiKeyRecord);
  }

  /** @returns The key with this secret; null when there is none, or it has been revoked or has expired. */
  async keyOf(secret: string): Promise<HeldKey | null> {
    const key = await this.keyInUse(sha256Hex(secret));
    if (key !== null) this.noteUse(key.id);
    return key;
  }

  /** Whether the key can still be used. Another process's revocation is noticed within half a second. */
  async isInUse(id: number): Promise<boolean> {
    return (await this.keyInUse(id)) !== null;
  }

  /**
   * Makes an admin key when there is none.
   *
   * @returns Its random secret, to be shown once; null when there is an admin key already.
   */
  async ensureAdminKey(): Promise<string | null> {
    if (await hasAdmin(this.database.read)) return null;
    const secret = newSecret();
    const isMade = await this.database.write(async (transaction) => {
      if (await hasAdmin(transaction)) return false; // another server, which starts too, has made one meanwhile
      await store(transaction, { name: 'first', role: 'ADMIN', expiresAt: null, secret });
      return true;
    });
    this.remembered.clear();
    return isMade ? secret : null;
  }

  /** Whether the key with this secret is the configured one, and no other is. */
  async isConfigured(secret: string): Promise<boolean> {
    const rows = await this.database.read.apiKey.findMany({ where: { isConfigured: true, revokedAt: null } });
    if (rows.length !== 1) return false;
    const [{ hash, role, expiresAt }] = rows;
    return hash === sha256Hex(secret) && role === 'ADMIN' && expiresAt === null;
  }

  /**
   * Makes this the configured admin key, in place of the one configured before. A key that has this secret already is changed,
   * except when somebody has revoked it: it stays so.
   */
  async configure(secret: string): Promise<{ userErrors: readonly UserErrorRecord[] }> {
    const hash = sha256Hex(secret);
    const isRevoked = await this.database.write(async (transaction) => {
      if (await transaction.apiKey.findFirst({ where: { hash, ...BY_SOMEBODY } })) return true;
      await this.replaceConfigured(transaction, secret, hash);
      return false;
    });
    this.remembered.clear();
    return { userErrors: isRevoked ? [userError('INVALID', REVOKED_SECRET)] : [] };
  }

  private async replaceConfigured(transaction: Transaction, secret: string, hash: string): Promise<void> {
    await transaction.apiKey.updateMany({
      where: { isConfigured: true, revokedAt: null, hash: { not: hash } },
      data: { revokedAt: new Date() },
    });
    const key = { name: 'configured', role: 'ADMIN', isConfigured: true, prefix: prefixOf(secret) };
    const inUse = { revokedAt: null, expiresAt: null };
    await transaction.apiKey.upsert({ where: { hash }, create: { ...key, hash }, update: { ...key, ...inUse } });
  }

  private async keyInUse(hashOrId: string | number): Promise<HeldKey | null> {
    const key = await this.remembered.fetch(hashOrId);
    return key === undefined || key === NONE || hasEnded(key) ? null : key;
  }

  private async read(where: { id: number } | { hash: string }): Promise<HeldKey | typeof NONE> {
    const select = { id: true, name: true, role: true, expiresAt: true };
    const row = await this.database.read.apiKey.findUnique({ where: { ...where, revokedAt: null }, select });
    return row === null ? NONE : { ...row, role: row.role as Role };
  }

  /** Nobody waits for the note, and one that cannot be written is left out. */
  private noteUse(id: number): void {
    if (this.noted.has(id)) return;
    this.noted.set(id, true);
    const now = Date.now();
    const isOld = { OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: new Date(now - LAST_USE_EVERY_MS) } }] };
    const data = { lastUsedAt: new Date(now) };
    this.database.write(({ apiKey }) => apiKey.updateMany({ where: { id, ...isOld }, data })).catch(() => undefined);
  }
}

function hasEnded({ expiresAt }: HeldKey): boolean {
  return expiresAt !== null && expiresAt.getTime() <= Date.now();
}

function apiKeyRecord({ role, ...row }: ApiKey): ApiKeyRecord {
  const { id, name, prefix, createdAt, lastUsedAt, expiresAt, revokedAt } = row;
  return { id, name, prefix, role: role as Role, createdAt, lastUsedAt, expiresAt, revokedAt };
}

function newSecret(): string {
  return `tql_${randomBytes(32).toString('base64url')}`;
}

type NewKey = Pick<HeldKey, 'name' | 'role' | 'expiresAt'> & { readonly secret: string };

function store(transaction: Transaction, { secret, ...key }: NewKey): Promise<ApiKey> {
  return transaction.apiKey.create({ data: { ...key, hash: sha256Hex(secret), prefix: prefixOf(secret) } });
}

async function hasAdmin(transaction: Transaction): Promise<boolean> {
  const isInUse = { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] };
  return (await transaction.apiKey.count({ where: { role: 'ADMIN', ...isInUse } })) > 0;
}

function prefixOf(secret: string): string {
  return secret.slice(0, Math.min(MAX_PREFIX, Math.floor(secret.length / 4)));
}

/** The audit log's name for whoever set TIGERQL_ADMIN_KEY. */
const BY_ENVIRONMENT = { role: 'ADMIN', caller: 'environment', apiKeyId: null } as const;

interface AdminKeyParts {
  readonly apiKeys: ApiKeys;
  readonly audit: Pick<AuditLog, 'enter'>;
  readonly logger: Pick<Logger, 'warn'>;
}

/**
 * Makes the configured key the only one of its kind, or, where none is configured, a first admin key when there is none.
 *
 * @returns The secret of a key with a new, random secret, to be shown once; null when none was made.
 */
export async function openAdminKey(
  { apiKeys, audit, logger }: AdminKeyParts,
  configured: string | undefined,
): Promise<string | null> {
  if (configured === undefined) return apiKeys.ensureAdminKey();
  if (await apiKeys.isConfigured(configured)) return null;
  const entry = { ...BY_ENVIRONMENT, mutation: 'configureAdminKey', input: shortInput({}) };
  const { userErrors } = await audit.enter(entry, () => apiKeys.configure(configured));
  for (const { message } of userErrors) logger.warn(message);
  return null;
}
