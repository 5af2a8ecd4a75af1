import { join } from 'node:path';

import { openDatabase } from '../../src/storage/database';
import { createTrainerApp } from '../../src/trainer-app';
import { testConfig } from '../support/fake-ports';
import { temporaryFolder } from '../support/temporary-folder';

// Trainings of several processes: end-to-end/trainers.test.ts.
describe('createTrainerApp', () => {
  const folder = temporaryFolder();
  const url = `file:${join(folder, 'shop.db')}`;

  it('is ready without a model, makes the tables and no key, and is not ready once another version has newer tables', async () => {
    const app = await createTrainerApp(testConfig({ DATABASE_URL: url, DATA_DIR: folder, LOG_LEVEL: 'silent' }));
    await app.start();
    expect(await app.ready()).toEqual({ ready: true, reasons: [] });
    const metrics = await app.metrics.registry.metrics();
    expect(metrics).toContain('tigerql_training_jobs{status="running"} 0');
    expect(metrics).not.toContain('tigerql_model_version'); // no alert takes it for a server without a model
    const database = await openDatabase(url);
    expect(await database.read.apiKey.count()).toBe(0);
    await database.write(
      (transaction) => transaction.$executeRaw`
        INSERT INTO "_prisma_migrations" ("id", "checksum", "finished_at", "migration_name", "applied_steps_count")
        VALUES ('x', 'x', CURRENT_TIMESTAMP, '99999999999999_newer', 1)`,
    );
    expect((await app.ready()).reasons).toEqual([expect.stringMatching(/^database: expected tables of this version/)]);
    await database.dispose();
    await app.dispose();
    expect((await app.ready()).ready).toBe(false);
  });
});
