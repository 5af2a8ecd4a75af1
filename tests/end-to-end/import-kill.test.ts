/** An import that is killed goes on when it is started again: nothing is lost, and nothing is there twice. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import Libsql from 'libsql';

import { writeScaleShop } from '../../bench/scale-shop';
import { PACKAGE_ROOT } from '../../src/paths';
import { openCommandFolder } from '../support/command-run';

const ITEMS = 1_500;
const { dir, run } = openCommandFolder();
const shop = join(dir, 'shop');

const whole = join(dir, 'whole.db');
beforeAll(async () => {
  await writeScaleShop(shop, ITEMS);
  await run(['import', shop], { DATABASE_URL: `file:${whole}`, DATA_DIR: dir });
}, 120_000);

/** Imports the shop, and kills that as soon as it says so many per cent. @returns Whether it was killed. */
async function killedAt(percent: number, env: Record<string, string>): Promise<boolean> {
  const program = join(PACKAGE_ROOT, 'dist', 'src', 'main.js');
  const child = spawn(process.execPath, [program, 'import', shop], { env: { PATH: process.env.PATH, ...env } });
  child.stderr.on('data', (text: Buffer) => {
    const [said] = /\d+(?=%)/.exec(String(text)) ?? [0];
    if (Number(said) >= percent) child.kill('SIGKILL');
  });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal === 'SIGKILL';
}

/** @returns How much there is, by the rows, by the counts of items, and by an index. */
function figuresOf(path: string): unknown {
  const database = new Libsql(path);
  try {
    const counts = 'COUNT(*), SUM("interactionCount"), SUM("popularity"), SUM("popularity" * "id")';
    const byIndex = `FROM "Interaction" INDEXED BY "Interaction_itemId_idx" WHERE "itemId" > 0`;
    return [
      `SELECT ${counts} FROM "Item"`,
      'SELECT COUNT(*), COUNT(DISTINCT "eventId") FROM "Interaction"',
      `SELECT COUNT(*) ${byIndex}`,
      'SELECT COUNT(*) FROM "User"',
      'PRAGMA integrity_check',
    ].map((sql) => database.prepare(sql).raw().all());
  } finally {
    database.close();
  }
}

it.each([5, 70])(
  'an import that is killed at %d per cent',
  async (percent) => {
    const killed = join(dir, `killed-${percent}.db`);
    const env = { DATABASE_URL: `file:${killed}`, DATA_DIR: dir };
    expect(await killedAt(percent, env)).toBe(true);
    expect(await run(['import', shop], env)).toMatchObject({ code: 0 });
    expect(figuresOf(killed)).toEqual(figuresOf(whole));
  },
  120_000,
);
