/** Servers are killed among writers of every mutation: nothing that was acknowledged is lost. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { createRandom } from '../../models/math/random';
import { openDatabase } from '../../src/storage/database';
import { testClient } from '../support/graphql-client';
import { interimFigures, soakSeed } from '../support/interim-figures';
import { Ledger } from '../support/ledger';
import { WRITERS } from '../support/ledger-writers';
import { wrongPrefixes } from '../support/prefix-counts';
import { ADMIN_KEY, startServerProcess } from '../support/server-process';
import { type Mutate, mutateWith, openTrainedShop, withServer } from '../support/trained-shop';

/** @param count - Kills. */
export async function run(count: number): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'tigerql-kills-'));
  const random = createRandom(soakSeed());
  const tell = interimFigures();
  const ledger = new Ledger();
  try {
    await openTrainedShop(dir);
    await withServer(dir, (admin) => ledger.begin(admin));
    for (let n = 0; n < count; n++) {
      const server = await startServerProcess(dir, { LOG_LEVEL: 'error' });
      const mutate = mutateWith(testClient(server.url, ADMIN_KEY));
      const writing = Promise.all(WRITERS.map((write) => untilKilled(write, ledger, mutate)));
      await underWay(ledger, 1 + Math.floor(16 * random.next()));
      await setTimeout(100 * random.next());
      await server.kill();
      await writing;
      await compare(dir, ledger);
      tell({ kills: n + 1, acknowledged: ledger.acknowledged, refused: ledger.refused });
    }
    console.log(JSON.stringify({ kills: count, acknowledged: ledger.acknowledged, refused: ledger.refused, lost: 0 }));
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** Resolves when that many more writes are acknowledged. */
async function underWay(ledger: Ledger, more: number): Promise<void> {
  const end = ledger.acknowledged + more;
  while (ledger.acknowledged < end) await setTimeout(5);
}

async function untilKilled(write: (typeof WRITERS)[number], ledger: Ledger, mutate: Mutate): Promise<void> {
  for (;;) {
    try {
      await write(ledger, mutate);
    } catch (error) {
      if (isBroken(error)) return;
      throw error;
    }
  }
}

/** The connection broke; any other failure is the server's. */
function isBroken(error: unknown): boolean {
  return error instanceof TypeError && /fetch failed|terminated/.test(error.message);
}

async function compare(dir: string, ledger: Ledger): Promise<void> {
  const database = await openDatabase(`file:${join(dir, 'shop.db')}`);
  try {
    const lost = await ledger.lostIn(database);
    if (lost.length > 0) throw new Error(`kills: expected all that was acknowledged, lost ${lost.join('; ')}`);
    const [wrong] = await wrongPrefixes(database);
    if (wrong) throw new Error(`kills: expected right counts of prefixes, got wrong ones at ${wrong}`);
  } finally {
    await database.dispose();
  }
}
