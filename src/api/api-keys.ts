/** Makes, lists, checks and revokes API keys. The database keeps only the hash of a secret. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

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
import { shareRuns } from '../waiting/promises';
import type { AuditLog } from './audit-log';

/** Other processes make and revoke keys too. This one may notice it this much later: open sockets are to end within a second. */
const FRESH_MS = 400;
/** Unknown keys make the process read the keys no more often than this: anybody can send them. */
const LOOK_EVERY_MS = 250;
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
export interface HeldKey {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
  readonly expiresAt: Date | null;
}

type KnownKey = HeldKey & { readonly hash: Buffer };

export class ApiKeys implements ApiKeysPort {
  /** The keys that were not revoked at `readAt`, when the read of them began. */
  private known: readonly KnownKey[] = [];
  private readAt = -Infinity;
  /** Reads the keys anew. The read begins after the call. */
  private readonly refresh = shareRuns(() => this.read());
  /** The next read for those whose key is unknown, and when the last one began. */
  private nextLook: Promise<void> | null = null;
  private lookedAt = -Infinity;
  /** When the last use of each key was last noted. */
  private readonly notedAt = new Map<number, number>();
  private readonly notes = new Set<Promise<void>>();

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
    await this.refresh();
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
    await this.refresh();
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
    const hash = Buffer.from(sha256Hex(secret), 'hex');
    const key = this.isFresh() ? keyAmong(this.known, hash) : null;
    const found = key ?? (await this.refreshed(hash));
    if (found === null || hasEnded(found)) return null;
    this.noteUse(found.id);
    return found;
  }

  /** Whether the key can still be used. Another process's revocation is noticed within half a second. */
  async isInUse(id: number): Promise<boolean> {
    if (!this.isFresh()) await this.refresh();
    return this.known.some((key) => key.id === id && !hasEnded(key));
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
    await this.refresh();
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
    await this.refresh();
    return { userErrors: isRevoked ? [userError('INVALID', REVOKED_SECRET)] : [] };
  }

  /** Waits until what was noted is written. */
  async settled(): Promise<void> {
    await Promise.all(this.notes);
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

  /** Notes the use after the request, and not more than once a minute. A note that cannot be written is left out. */
  private noteUse(id: number): void {
    const now = Date.now();
    if (now - (this.notedAt.get(id) ?? -Infinity) < LAST_USE_EVERY_MS) return;
    this.notedAt.set(id, now);
    const lastUsedAt = new Date(now);
    const isOld = { OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: new Date(now - LAST_USE_EVERY_MS) } }] };
    const note = new Promise((resolve) => setImmediate(resolve))
      .then(() =>
        this.database.write((transaction) =>
          transaction.apiKey.updateMany({ where: { id, ...isOld }, data: { lastUsedAt } }),
        ),
      )
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => this.notes.delete(note));
    this.notes.add(note);
  }

  private isFresh(): boolean {
    return performance.now() - this.readAt < FRESH_MS;
  }

  /** Waits for a read that begins after this call, so that it finds every key that there was by then. */
  private async refreshed(hash: Buffer): Promise<KnownKey | null> {
    await (this.nextLook ??= this.lookSoon());
    return keyAmong(this.known, hash);
  }

  private async lookSoon(): Promise<void> {
    const waitMs = this.lookedAt + LOOK_EVERY_MS - performance.now();
    // It waits in any case: whoever calls this keeps it in `nextLook` first.
    await (waitMs > 0 ? setTimeout(waitMs) : null);
    this.nextLook = null;
    this.lookedAt = performance.now();
    await this.refresh();
  }

  private async read(): Promise<void> {
    const begin = performance.now();
    const rows = await this.database.read.apiKey.findMany({ where: { revokedAt: null } });
    this.known = rows.map(({ id, name, role, expiresAt, hash }) => {
      return { id, name, role: role as Role, expiresAt, hash: Buffer.from(hash, 'hex') };
    });
    this.readAt = begin;
  }
}

/** Compares every key, each in constant time, so that the time it takes tells nothing about the keys. */
function keyAmong(keys: readonly KnownKey[], hash: Buffer): KnownKey | null {
  let found: KnownKey | null = null;
  for (const key of keys) if (timingSafeEqual(key.hash, hash)) found = key;
  return found;
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
