import { createAccess, createSharing, fromStore } from '../../../src/process/process-parts';
import type { CodeAssigner } from '../../../src/semantic-ids/code-assigner';
import { storeFakeModel } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';
import { testConfig } from '../../support/fake-ports';

describe('createAccess', () => {
  it('has the read access and the tokens of the settings', async () => {
    const settings = { TIGERQL_READ_ACCESS: 'key', TIGERQL_JWT_SECRET: 'a-shared-secret-of-more-than-32-bytes' };
    const access = createAccess(testConfig(settings), null as never, null as never);
    expect(await access.readAccess()).toBe('key');
    expect(access.tokens.isToken('eyJa.b.c')).toBe(true);
    expect(createAccess(testConfig(), null as never, null as never).tokens.isToken('eyJa.b.c')).toBe(false);
  });
});

describe('fromStore', () => {
  const asked: unknown[] = [];
  const inner = {
    encode: async () => 'encoded',
    assign: async (...args: unknown[]) => asked.push(['assign', ...args]),
    rankLastLevel: async (...args: unknown[]) => asked.push(['rankLastLevel', ...args]),
  } as unknown as CodeAssigner;
  beforeEach(() => asked.splice(0));

  it('gives a worker the folder of a key, and all else as it comes', async () => {
    const assigner = fromStore(async (key) => `/data/${key}`, inner);
    const vectors = Float32Array.of(1, 2);
    await assigner.assign('jobs/1/checkpoint', vectors, 2);
    await assigner.rankLastLevel('jobs/2/checkpoint', vectors, 2);
    expect(asked).toEqual([
      ['assign', '/data/jobs/1/checkpoint', vectors, 2],
      ['rankLastLevel', '/data/jobs/2/checkpoint', vectors, 2],
    ]);
    expect(await assigner.encode([])).toBe('encoded');
  });

  it('asks no worker for a checkpoint that the store does not have', async () => {
    const assigner = fromStore(() => Promise.reject(new Error('expected a checkpoint')), inner);
    await expect(assigner.assign('gone', new Float32Array(), 2)).rejects.toThrow('expected a checkpoint');
    expect(asked).toEqual([]);
  });
});

describe('createSharing', () => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase();
    for (const number of [1, 2]) {
      const status = number === 1 ? 'ACTIVE' : 'TRAINED';
      await storeFakeModel(opened, { number, status, checkpointDir: `jobs/${number}/checkpoint` });
    }
  });
  afterAll(() => opened.dispose());

  it('removes what is left of interrupted copies before it shares', async () => {
    const done: string[] = [];
    const store = {
      sweep: async () => {
        await new Promise(setImmediate);
        done.push('swept');
      },
      share: async (key: string) => void done.push(key),
    };
    const database = {
      get read() {
        done.push('looks what to share');
        return opened.database.read;
      },
    };
    const sharing = createSharing(database, store, { warn: fail });
    sharing.start();
    while (done.length < 4) await new Promise(setImmediate);
    await sharing.dispose();
    expect(done).toEqual(['swept', 'looks what to share', 'jobs/1/checkpoint', 'jobs/2/checkpoint']);
  });

  it('ends after the checkpoint that is on its way', async () => {
    const shared: string[] = [];
    let [isAsked, letGo] = [() => {}, () => {}];
    const asked = new Promise<void>((resolve) => (isAsked = resolve));
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const share = async (key: string) => {
      isAsked();
      await held;
      await new Promise(setImmediate);
      shared.push(key);
    };
    const sharing = createSharing(opened.database, { sweep: async () => undefined, share }, { warn: fail });
    sharing.start();
    await asked;
    const disposed = sharing.dispose();
    letGo();
    await disposed;
    expect(shared).toEqual(['jobs/1/checkpoint']);
  });

  it('lets the process end while the store gives no answer', async () => {
    let isAsked = () => undefined as void;
    const asked = new Promise<void>((resolve) => (isAsked = resolve));
    const share = () => {
      isAsked();
      return new Promise<void>(() => undefined);
    };
    const store = { sweep: () => Promise.reject(new Error('EROFS')), share };
    const warned: unknown[] = [];
    const sharing = createSharing(opened.database, store, { warn: (message: unknown) => void warned.push(message) });
    sharing.start();
    await asked;
    await sharing.dispose();
    expect(warned).toEqual(['EROFS']);
  });
});

function fail(message: unknown): never {
  throw new Error(`expected no warning, got ${String(message)}`);
}
