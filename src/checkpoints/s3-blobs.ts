/** Files in a bucket of S3, or of a store that speaks its protocol. */
import type { DeleteObjectsCommandOutput, ListObjectsV2CommandOutput, S3Client } from '@aws-sdk/client-s3';

import { chunksOf } from '../../models/math/arrays';
import { openOnce } from '../waiting/promises';
import type { Blobs } from './blob-store';

/** As many as one request may delete. */
const MAX_DELETED = 1_000;

type Sdk = typeof import('@aws-sdk/client-s3');

interface Opened {
  readonly sdk: Sdk;
  readonly client: S3Client;
}

/** Without limits of its own, the SDK waits for a server that is silent for as long as the connection stands. */
const LIMITS = { connectionTimeout: 5_000, socketTimeout: 30_000 };

/**
 * The credentials, the region and the address of a store that is not AWS come from where the AWS SDK looks for them: environment, files,
 * the machine or the pod. The SDK reads temporary credentials again before they expire; others when the process starts.
 */
export class S3Blobs implements Blobs {
  readonly place: string;
  private readonly bucket: string;
  /** Put before every name, so that several shops may share a bucket. Empty, or ends with `/`. */
  private readonly prefix: string;
  /** The SDK is loaded at the first use only: servers with another store need none of it. */
  private readonly opened = openOnce(() => this.open());

  /**
   * @param url - `s3://bucket` or `s3://bucket/prefix`.
   * @param limits - Milliseconds until there is a connection, and milliseconds for which the server may then be silent.
   */
  constructor(
    url: string,
    private readonly limits = LIMITS,
  ) {
    const [bucket, ...path] = url.slice('s3://'.length).split('/');
    this.bucket = bucket;
    this.prefix = path.flatMap((part) => (part === '' ? [] : `${part}/`)).join('');
    this.place = `s3://${bucket}/${this.prefix}`;
  }

  put(name: string, bytes: Buffer): Promise<void> {
    return this.asked(async ({ sdk, client }) => {
      await client.send(new sdk.PutObjectCommand({ ...this.at(name), Body: bytes }));
    });
  }

  get(name: string): Promise<Buffer | null> {
    return this.asked(async ({ sdk, client }) => {
      try {
        const { Body } = await client.send(new sdk.GetObjectCommand(this.at(name)));
        return Buffer.from(await Body!.transformToByteArray());
      } catch (error) {
        if (error instanceof sdk.NoSuchKey) return null;
        throw error;
      }
    });
  }

  list(prefix: string): Promise<string[]> {
    const { Bucket, Key: Prefix } = this.at(prefix);
    return this.asked(async ({ sdk, client }) => {
      const found: string[] = [];
      let ContinuationToken: string | undefined;
      do {
        const command = new sdk.ListObjectsV2Command({ Bucket, Prefix, ContinuationToken });
        const page: ListObjectsV2CommandOutput = await client.send(command);
        for (const { Key = '' } of page.Contents ?? []) found.push(Key.slice(this.prefix.length));
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return found;
    });
  }

  remove(names: readonly string[]): Promise<void> {
    return this.asked(async ({ sdk, client }) => {
      for (const some of chunksOf(names, MAX_DELETED)) {
        const Objects = some.map((name) => ({ Key: this.at(name).Key }));
        const command = new sdk.DeleteObjectsCommand({ Bucket: this.bucket, Delete: { Objects } });
        refuseErrors(await client.send(command));
      }
    });
  }

  private async asked<T>(work: (opened: Opened) => Promise<T>): Promise<T> {
    try {
      return await work(await this.opened());
    } catch (error) {
      const { name, message } = error as Error;
      throw new Error(message === name || message === '' ? name : `${name}: ${message}`, { cause: error });
    }
  }

  private at(name: string): { Bucket: string; Key: string } {
    return { Bucket: this.bucket, Key: `${this.prefix}${name}` };
  }

  private async open(): Promise<Opened> {
    const sdk = await import('@aws-sdk/client-s3');
    // Other stores have no host name for each bucket.
    const options = { forcePathStyle: true, requestHandler: this.limits, maxAttempts: 3 };
    return { sdk, client: new sdk.S3Client(options) };
  }
}

/** The answer is a success also where files could not be deleted. */
function refuseErrors({ Errors = [] }: DeleteObjectsCommandOutput): void {
  if (Errors.length === 0) return;
  const [{ Code = 'Error', Key, Message }] = Errors;
  const message = `${Message}: ${Key} is not deleted${Errors.length > 1 ? `, nor ${Errors.length - 1} more` : ''}`;
  throw Object.assign(new Error(message), { name: Code });
}
