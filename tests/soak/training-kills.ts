/** Trainings are killed again and again: each ends with the files of a training that was never killed, bit for bit. */
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import Libsql from 'libsql';

import { createRandom } from '../../models/math/random';
import { testClient } from '../support/graphql-client';
import { interimFigures, soakSeed } from '../support/interim-figures';
import { OPERATIONS } from '../support/operations';
import { ADMIN_KEY, startServerProcess } from '../support/server-process';
import { finishedJob, isStuck, mutateWith, openTrainedShop } from '../support/trained-shop';

const INPUT = { preset: 'TINY', seed: 3, activateWhenBetter: false };
const QUIET = { LOG_LEVEL: 'error' };

/** @param count - Kills, over as many trainings as they take. */
export async function run(count: number): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'tigerql-training-kills-'));
  const random = createRandom(1 + soakSeed());
  const tell = interimFigures();
  let [kills, trainings] = [0, 0];
  try {
    const shop = join(root, 'shop');
    await openTrainedShop(shop);
    const wanted = await trainIn(shop, join(root, 'whole'), async () => false);
    while (kills < count) {
      const dir = join(root, `${++trainings}`);
      const found = await trainIn(shop, dir, async () => {
        if (kills === count) return false;
        await setTimeout(1_500 * random.next());
        while (isStuck(newestJob(dir))) await setTimeout(100);
        kills++;
        return true;
      });
      if (found !== wanted) throw new Error(`training-kills: expected files ${wanted}, got ${found}`);
      tell({ kills, trainings });
    }
    console.log(JSON.stringify({ kills, trainings, different: 0 }));
  } finally {
    await rm(root, { recursive: true });
  }
}

/** Trains in a copy of the shop. @param kill - Waits; true: the server is killed now. @returns A hash of the checkpoint's files. */
async function trainIn(shop: string, dir: string, kill: () => Promise<boolean>): Promise<string> {
  await cp(shop, dir, { recursive: true });
  let server = await startServerProcess(dir, QUIET);
  const client = () => testClient(server.url, ADMIN_KEY);
  const { job } = await mutateWith(client())('start-training', INPUT);
  while (await kill()) {
    await server.kill();
    server = await startServerProcess(dir, QUIET);
    if ((await client().execute(OPERATIONS['training-job'], { id: job.id })).expectData().trainingJob.finishedAt) break;
  }
  await finishedJob(client(), job.id);
  await server.stop();
  return hashOf(checkpointOf(dir));
}

/** @returns The folder of the newest version's checkpoint. */
function checkpointOf(dir: string): string {
  const { checkpointDir } = newestRow<{ checkpointDir: string }>(dir, 'ModelVersion');
  return join(dir, checkpointDir);
}

function newestJob(dir: string) {
  return newestRow<{ deaths: number; finishedAt: unknown }>(dir, 'TrainingJob');
}

function newestRow<Row>(dir: string, table: string): Row {
  const connection = new Libsql(join(dir, 'shop.db'));
  try {
    return connection.prepare(`SELECT * FROM "${table}" ORDER BY "id" DESC LIMIT 1`).get() as Row;
  } finally {
    connection.close();
  }
}

/** @returns A hash of all files but the manifest, which names the job, and so differs. */
async function hashOf(dir: string): Promise<string> {
  const hash = createHash('sha256');
  const names = (await readdir(dir)).filter((name) => name !== 'manifest.json');
  for (const name of names.sort()) hash.update(name).update(await readFile(join(dir, name)));
  return hash.digest('hex');
}
