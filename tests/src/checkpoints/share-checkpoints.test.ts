import { CheckpointSharing } from '../../../src/checkpoints/share-checkpoints';
import { storeFakeModel } from '../../support/catalogue';
import { useTestDatabase } from '../../support/database';
import { until } from '../../support/until';

const named = (name: string) => Object.assign(new Error(name), { name });

describe('CheckpointSharing', () => {
  const opened = useTestDatabase();
  beforeAll(async () => {
    for (const number of [1, 2]) {
      const status = number === 1 ? 'ACTIVE' : 'TRAINED';
      await storeFakeModel(opened, { number, status, checkpointDir: `jobs/${number}/checkpoint` });
    }
  });

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
    const sharing = new CheckpointSharing({ database: database, store: store, logger: { warn: fail } });
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
    const sharing = new CheckpointSharing({
      database: opened.database,
      store: { sweep: async () => undefined, share },
      logger: { warn: fail },
    });
    sharing.start();
    await asked;
    const disposed = sharing.dispose();
    letGo();
    await disposed;
    expect(shared).toEqual(['jobs/1/checkpoint']);
  });

  it('asks a store again that gives no answer, and passes over a damaged checkpoint', async () => {
    const faults = [named('CheckpointStoreError'), null, named('CheckpointError')];
    const [shared, warned]: [string[], unknown[]] = [[], []];
    const share = async (key: string) => {
      const fault = faults.shift();
      if (fault) throw fault;
      shared.push(key);
    };
    const logger = { warn: (message: unknown) => void warned.push(message) };
    const store = { sweep: async () => undefined, share };
    const sharing = new CheckpointSharing({ database: opened.database, store, logger });
    sharing.start();
    await until(() => warned.length === 2);
    await sharing.dispose();
    expect(shared).toEqual(['jobs/1/checkpoint']);
    expect(warned).toEqual(['CheckpointStoreError', 'a checkpoint is not shared: CheckpointError']);
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
    const sharing = new CheckpointSharing({
      database: opened.database,
      store: store,
      logger: { warn: (message: unknown) => void warned.push(message) },
    });
    sharing.start();
    await asked;
    await sharing.dispose();
    expect(warned).toEqual(['EROFS']);
  });
});

function fail(message: unknown): never {
  throw new Error(`expected no warning, got ${String(message)}`);
}
