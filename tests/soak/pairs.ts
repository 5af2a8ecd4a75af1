/** Many pairs of each kind of change on two servers at the same moment, on SQLite and on PostgreSQL: nothing may get out of step. */
import { openDatabase } from '../../src/storage/database';
import { openTestDatabase, type TestDatabase } from '../support/database';
import { openTestPostgres } from '../support/postgres';
import { RACES, RacingServers } from '../support/races';

/** @param count - Pairs of each kind on each database. */
export async function run(count: number): Promise<void> {
  const faults = [
    ...(await race('sqlite', openTestDatabase, count)),
    ...(await race('postgresql', openTestPostgres, count)),
  ];
  if (faults.length > 0)
    throw new Error(`pairs: expected no fault, got ${faults.length}\n${faults.slice(0, 20).join('\n')}`);
}

async function race(name: string, open: () => Promise<TestDatabase>, count: number): Promise<string[]> {
  const opened = await open();
  const other = await openDatabase(opened.url);
  const all: string[] = [];
  const repeat = async (kind: string, once: (shop: RacingServers, round: number) => Promise<string[]>) => {
    const shop = await RacingServers.start({ opened, other });
    const faults: string[] = [];
    for (let round = 0; round < count; round++) {
      const found = await once(shop, round).catch((error: Error) => [`failed: ${error.message}`]);
      faults.push(...found.map((each) => `${name}, ${kind}, pair ${round}: ${each}`));
    }
    console.log(JSON.stringify({ database: name, kind, pairs: count, faults: faults.length }));
    all.push(...faults);
  };
  try {
    for (const each of RACES) await repeat(each[0], (shop, round) => shop.race(each, round));
    await repeat('two calls for one catalogue version', (shop, round) => shop.versionRace(round));
  } finally {
    await other.dispose();
    await opened.dispose();
  }
  return all;
}
