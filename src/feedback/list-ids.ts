/** IDs of lists. An ID says all that feedback needs to know of its list, so that nothing is stored of a list that nobody reports on. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

import { z } from 'zod';

import type { ListRecord } from '../../graphql/feedback/records';
import type { Database } from '../storage/database';
import type { Transaction } from '../storage/transaction';
import { openOnce } from '../waiting/promises';

/** How long an ID is valid. */
export const DAYS_OF_AN_ID = 30;

const SECRET_BYTES = 32;
/** As long as nobody can guess it. */
const SIGNATURE_BYTES = 16;

const CONTENT = z.tuple([z.string(), z.string(), z.int32().nullable(), z.int32().nullable(), z.int32()]);

export class ListIds {
  /** All servers of a database have one secret. The first ID makes it. */
  private readonly secret: () => Promise<Buffer>;

  constructor(database: Pick<Database, 'read' | 'write'>) {
    this.secret = openOnce(() => openSecret(database));
  }

  async sign({ key, placement, userId, modelVersionId, madeAt }: ListRecord): Promise<string> {
    const content = [key, placement, userId, modelVersionId, Math.floor(madeAt.getTime() / 1000)];
    const text = Buffer.from(JSON.stringify(content)).toString('base64url');
    return `${text}.${signatureOf(text, await this.secret()).toString('base64url')}`;
  }

  /** @returns Null when no server of this database has signed it. */
  async read(listId: string): Promise<ListRecord | null> {
    const [text, signature = ''] = listId.split('.');
    const given = Buffer.from(signature, 'base64url');
    const own = signatureOf(text, await this.secret());
    if (given.length !== own.length || !timingSafeEqual(given, own)) return null;
    const content = CONTENT.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    const [key, placement, userId, modelVersionId, seconds] = content;
    return { key, placement, userId, modelVersionId, madeAt: new Date(seconds * 1000) };
  }
}

function signatureOf(text: string, secret: Buffer): Buffer {
  return createHmac('sha256', secret).update(text).digest().subarray(0, SIGNATURE_BYTES);
}

async function openSecret({ read, write }: Pick<Database, 'read' | 'write'>): Promise<Buffer> {
  const { listSecret } = await read.databaseIdentity.findFirstOrThrow();
  return Buffer.from(listSecret ?? (await write(makeSecret)), 'hex');
}

/** @returns The secret of another server, where that was faster. */
async function makeSecret({ databaseIdentity }: Transaction): Promise<string> {
  const { id, listSecret } = await databaseIdentity.findFirstOrThrow();
  if (listSecret !== null) return listSecret;
  const made = randomBytes(SECRET_BYTES).toString('hex');
  await databaseIdentity.update({ where: { id }, data: { listSecret: made } });
  return made;
}
