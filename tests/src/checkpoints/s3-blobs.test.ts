import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';

import { S3Blobs } from '../../../src/checkpoints/s3-blobs';
import { S3_CREDENTIALS, startS3Server } from '../../support/s3-server';
import { temporaryFolder } from '../../support/temporary-folder';
import { until } from '../../support/until';

const root = temporaryFolder();

beforeAll(() => {
  const { accessKeyId, secretAccessKey } = S3_CREDENTIALS;
  const lines = ['[default]', `aws_access_key_id=${accessKeyId}`, `aws_secret_access_key=${secretAccessKey}`];
  writeFileSync(join(root, 'credentials'), `${lines.join('\n')}\n`);
  const file = { AWS_SHARED_CREDENTIALS_FILE: join(root, 'credentials'), AWS_REGION: 'eu-central-1' };
  Object.assign(process.env, file);
});

async function listenOn(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const closed = (server: Server) => new Promise((resolve) => server.close(resolve));

describe('S3Blobs', () => {
  it('puts the prefix before each name, and finds nothing of another shop in the bucket', async () => {
    const { endpoint, dispose } = await startS3Server('shops');
    process.env.AWS_ENDPOINT_URL_S3 = endpoint;
    const [one, other] = ['one', '/other/'].map((shop) => new S3Blobs(`s3://shops/${shop}`));
    expect([one.place, other.place]).toEqual(['s3://shops/one/', 's3://shops/other/']);
    await one.put('jobs/a', Buffer.from('1'));
    expect(await one.list('jobs/')).toEqual(['jobs/a']);
    expect([await other.list(''), await other.get('jobs/a')]).toEqual([[], null]);
    await other.remove(['jobs/a']);
    expect(String(await one.get('jobs/a'))).toBe('1');
    await dispose();
  });

  it('says which files a server that answers with success has not deleted', async () => {
    const errors = ['a', 'b'].map((key) => `<Error><Key>jobs/${key}</Key><Code>AccessDenied</Code><Message>Denied</Message></Error>`); // prettier-ignore
    const server = createServer((_, respond) => respond.end(`<DeleteResult>${errors.join('')}</DeleteResult>`));
    process.env.AWS_ENDPOINT_URL_S3 = await listenOn(server);
    const blobs = new S3Blobs('s3://shop');
    const message = 'AccessDenied: Denied: jobs/a is not deleted, nor 1 more';
    await expect(blobs.remove(['jobs/a', 'jobs/b', 'jobs/c'])).rejects.toThrow(message);
    await closed(server);
  });

  it('gives up on a server that is silent, and closes what it opened', async () => {
    const connected = new Set<Socket>();
    const silent = createTcpServer((socket) => {
      connected.add(socket.on('error', () => undefined).resume());
      socket.once('close', () => connected.delete(socket));
    });
    const limits = { connectionTimeout: 60_000, socketTimeout: 50 };
    process.env.AWS_ENDPOINT_URL_S3 = await listenOn(silent);
    const blobs = new S3Blobs('s3://shop', limits);
    await expect(blobs.get('jobs/a')).rejects.toThrow(/^TimeoutError/);
    await until(() => connected.size === 0);
    await closed(silent);
  });
});
