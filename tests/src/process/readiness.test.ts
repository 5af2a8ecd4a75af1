import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../../../src/paths';
import { readinessOf, serverReadinessOf } from '../../../src/process/readiness';
import { activateFakeModel, emptyTables } from '../../support/catalogue';
import { useTestDatabase } from '../../support/database';

/** Holds the write lock of the file that it is given until standard input closes. */
const HOLD_LOCK = `
  const database = new (require('libsql'))(process.argv[1]);
  database.exec('BEGIN IMMEDIATE');
  process.stdout.write('held');
  process.stdin.on('end', () => database.exec('ROLLBACK')).resume();
`;

describe('serverReadinessOf', () => {
  const position = { followed: 0, newest: 0, behindMs: 0, isForked: false };
  const opened = useTestDatabase();
  let modelVersionId: number | null;
  let problem: string | null;
  const store: { problem: string | null } = { problem: null };
  let check: ReturnType<typeof serverReadinessOf>;
  beforeEach(async () => {
    await emptyTables(opened);
    [modelVersionId, problem, store.problem] = [null, null, null];
    const pool = {
      get modelVersionId() {
        return modelVersionId;
      },
    };
    const live = {
      get problem() {
        return problem;
      },
    };
    check = serverReadinessOf({ database: opened.database, pool, live, store, log: { position } }, 3_000);
  });

  const look = async () => {
    const { reasons } = await check();
    return reasons[0] ?? null;
  };

  it('is ready before any model is active, and while the active one makes the lists', async () => {
    expect(await look()).toBeNull();
    ({ modelVersionId } = await activateFakeModel(opened));
    expect(await look()).toBeNull();
  });

  it('stays ready without the active model, and says that popular items or another model answer, without the cause', async () => {
    const active = await activateFakeModel(opened);
    expect(await look()).toMatch(/^model: expected version 1 to be loaded, .* popular items$/);
    modelVersionId = active.modelVersionId + 1;
    expect(await look()).toBeNull(); // it is just being activated
    problem = '/data/jobs/1/checkpoint: damaged';
    expect(await look()).toMatch(/^model: expected version 1 to be loaded, .* another answers$/);
    expect((await check()).ready).toBe(true);
  });

  it('stays ready while the checkpoint store cannot be used, and names it', async () => {
    store.problem = 'the checkpoint store cannot be written';
    const reasons = ['checkpoints: the checkpoint store cannot be written'];
    expect(await check()).toEqual({ ready: true, reasons });
    expect(await readinessOf({ database: opened.database, store })()).toEqual({ ready: true, reasons });
  });

  it('says that the database cannot be written while another process holds its lock', async () => {
    const path = opened.url.slice('file:'.length);
    const holder = spawn(process.execPath, ['-e', HOLD_LOCK, path], { cwd: join(PACKAGE_ROOT), stdio: 'pipe' });
    await once(holder.stdout, 'data');
    expect(await look()).toMatch(/^database: expected to read and write it/);
    holder.stdin.end();
    await once(holder, 'exit');
    await opened.database.write(async () => undefined);
    expect(await look()).toBeNull();
  });

  it('is ready while this process writes for long', async () => {
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    let isUnderWay: () => void = () => undefined;
    const underWay = new Promise<void>((resolve) => (isUnderWay = resolve));
    const writing = opened.database.write(async () => {
      isUnderWay();
      await ended;
    });
    await underWay;
    expect(await look()).toBeNull();
    end();
    await writing;
  });
});
