/** Files in a bucket of S3, or of a store that speaks its protocol. */
import type { ListObjectsV2CommandOutput, S3Client } from '@aws-sdk/client-s3';

import type { Blobs } from './blob-store';

export interface S3Settings {
  readonly bucket: string;
  /** Put before every name, so that several shops may share a bucket. Empty, or ends with `/`. */
  readonly prefix: string;
  /** Of a store that is not AWS; undefined: AWS. */
  readonly endpoint: string | undefined;
}

/** As many as one request may delete. */
const MAX_DELETED = 1_000;

type Sdk = typeof import('@aws-sdk/client-s3');

interface Connection {
  readonly sdk: Sdk;
  readonly client: S3Client;
}

/**
 * The credentials and the region come from where the AWS SDK looks for them: environment, files, the machine or the pod. The SDK reads
 * temporary ones again before they expire.
 */
export class S3Blobs implements Blobs {
  readonly place: string;
  private connection: Promise<Connection> | null = null;

  constructor(private readonly settings: S3Settings) {
    this.place = `s3://${settings.bucket}/${settings.prefix}`;
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

  list(prefix: string): Promise<{ name: string; storedAt: Date }[]> {
    const { Bucket, Key: Prefix } = this.at(prefix);
    return this.asked(async ({ sdk, client }) => {
      const found: { name: string; storedAt: Date }[] = [];
      let ContinuationToken: string | undefined;
      do {
        const command = new sdk.ListObjectsV2Command({ Bucket, Prefix, ContinuationToken });
        const page: ListObjectsV2CommandOutput = await client.send(command);
        for (const { Key = '', LastModified = new Date() } of page.Contents ?? [])
          found.push({ name: Key.slice(this.settings.prefix.length), storedAt: LastModified });
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return found;
    });
  }

  remove(names: readonly string[]): Promise<void> {
    return this.asked(async ({ sdk, client }) => {
      for (let at = 0; at < names.length; at += MAX_DELETED) {
        const Objects = names.slice(at, at + MAX_DELETED).map((name) => ({ Key: this.at(name).Key }));
        await client.send(new sdk.DeleteObjectsCommand({ Bucket: this.settings.bucket, Delete: { Objects } }));
      }
    });
  }

  /** A client keeps its credentials. After a failure the next call makes another one, which reads them again. */
  private async asked<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await this.connect();
    try {
      return await work(connection);
    } catch (error) {
      this.connection = null;
      const { name, message } = error as Error;
      throw new Error(message === name || message === '' ? name : `${name}: ${message}`, { cause: error });
    }
  }

  private at(name: string): { Bucket: string; Key: string } {
    return { Bucket: this.settings.bucket, Key: `${this.settings.prefix}${name}` };
  }

  /** The SDK is loaded at the first use only: servers with another store need none of it. */
  private connect(): Promise<Connection> {
    const { endpoint } = this.settings;
    const open = async () => {
      const [sdk, { defaultProvider }] = await Promise.all([
        import('@aws-sdk/client-s3'),
        import('@aws-sdk/credential-provider-node'),
      ]);
      // Else files with credentials would be read once in the life of the process.
      const credentials = defaultProvider({ ignoreCache: true });
      const forcePathStyle = endpoint !== undefined;
      return { sdk, client: new sdk.S3Client({ endpoint, forcePathStyle, credentials, maxAttempts: 3 }) };
    };
    return (this.connection ??= open());
  }
}

/** @param url - `s3://bucket` or `s3://bucket/prefix`. */
export function s3SettingsOf(url: string, endpoint: string | undefined): S3Settings {
  const [bucket, ...path] = url.slice('s3://'.length).split('/');
  const prefix = path.filter((part) => part !== '').join('/');
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/`, endpoint };
}
