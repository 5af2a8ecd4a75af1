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

const USER = z.union([z.int32(), z.string()]).nullable();
const ID = z.int32().nullable();
/** The arm is absent where the list counts for none. */
const CONTENT = z.tuple([z.string(), z.string(), USER, ID, z.int(), ID.optional()]);

export class ListIds {
  /** All servers of a database have one secret. The first ID makes it. */
  private readonly secret: () => Promise<Buffer>;

  constructor(database: Pick<Database, 'read' | 'write'>) {
    this.secret = openOnce(() => openSecret(database));
  }

  /** The items take four bytes each. Hashes of them as short would name other items, too. */
  async sign({ key, placement, user, modelVersionId, armId, madeAt, itemIds }: ListRecord): Promise<string> {
    const content = [key, placement, user, modelVersionId, madeAt.getTime(), ...(armId === null ? [] : [armId])];
    const items = Buffer.from(Int32Array.from(itemIds).buffer);
    const text = `${Buffer.from(JSON.stringify(content)).toString('base64url')}.${items.toString('base64url')}`;
    return `${text}.${signatureOf(text, await this.secret()).toString('base64url')}`;
  }

  /** @returns Null when no server of this database has signed it. */
  async read(listId: string): Promise<ListRecord | null> {
    const [content, items = '', signature = ''] = listId.split('.');
    const given = Buffer.from(signature, 'base64url');
    const own = signatureOf(`${content}.${items}`, await this.secret());
    if (given.length !== own.length || !timingSafeEqual(given, own)) return null;
    const read = CONTENT.parse(JSON.parse(Buffer.from(content, 'base64url').toString()));
    const [key, placement, user, modelVersionId, time, armId = null] = read;
    return { key, placement, user, modelVersionId, armId, madeAt: new Date(time), itemIds: itemIdsIn(items) };
  }
}

function itemIdsIn(text: string): number[] {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64url')); // a copy begins where 32-bit numbers may
  return [...new Int32Array(bytes.buffer)];
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
