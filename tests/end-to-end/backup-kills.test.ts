/** A backup or a restoration that is killed leaves something whole, or something that is refused with what to do; a second try works. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { DATABASE } from '../../src/backup/backup';
import { PACKAGE_ROOT } from '../../src/paths';
import { openCommandFolder } from '../support/command-run';
import { CHECKPOINT, openLittleBackup } from '../support/little-backup';
import { useOpened } from '../support/use-opened';

const { dir: root, run } = openCommandFolder();
const copy = join(root, 'copy');
const shop = useOpened(openLittleBackup);
let source: Record<string, string>;

function envOf(dir: string) {
  return { DATABASE_URL: `file:${join(dir, 'shop.db')}`, DATA_DIR: dir };
}

beforeAll(async () => {
  source = { DATABASE_URL: `file:${shop.source.path}`, DATA_DIR: join(shop.root, 'data') };
  await run(['backup', copy], source);
}, 60_000);

/** Runs the command, and kills it at the given change below `dir`. @returns Whether it was killed. */
async function killedAt(change: number, dir: string, args: string[], env: Record<string, string>): Promise<boolean> {
  const child = spawn(process.execPath, [join(PACKAGE_ROOT, 'dist', 'src', 'main.js'), ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, ...env },
    stdio: 'ignore',
  });
  let seen = 0;
  const watcher = watch(dir, { recursive: true }, () => ++seen === change && child.kill('SIGKILL'));
  watcher.on('error', () => undefined); // a folder that was renamed before the watcher could look into it
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  watcher.close();
  return signal === 'SIGKILL';
}

const CHANGES = [1, 8, 21];

function expectWhole(target: string): void {
  expect(readdirSync(target, { recursive: true }).sort()).toEqual(readdirSync(copy, { recursive: true }).sort());
}

it.each(CHANGES)(
  'a backup that is killed at its change %d',
  async (change) => {
    const place = join(root, `backup-${change}`);
    mkdirSync(place);
    const target = join(place, 'copy');
    await killedAt(change, place, ['backup', target], source);
    if (existsSync(target)) return expectWhole(target);
    if (readdirSync(place).length > 0) {
      const { code, stderr } = await run(['backup', target], source);
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/copy\.partial: expected no unfinished folder, got one; remove it/),
      ]);
      rmSync(`${target}.partial`, { recursive: true });
    }
    expect(await run(['backup', target], source)).toMatchObject({ code: 0 });
    expectWhole(target);
  },
  60_000,
);

it.each(CHANGES)(
  'a restoration that is killed at its change %d',
  async (change) => {
    const dir = join(root, `shop-${change}`);
    mkdirSync(dir);
    await killedAt(change, dir, ['restore', copy], envOf(dir));
    if (!existsSync(join(dir, 'shop.db'))) {
      let second = await run(['restore', copy], envOf(dir));
      if (second.code !== 0) {
        expect(second.stderr).toMatch(/jobs: expected no training jobs there .*; remove them if they are left/);
        rmSync(join(dir, 'jobs'), { recursive: true });
        second = await run(['restore', copy], envOf(dir));
      }
      expect(second).toMatchObject({ code: 0 });
    }
    expect(readdirSync(join(dir, CHECKPOINT))).toEqual(readdirSync(join(copy, CHECKPOINT)));
    expect(
      readdirSync(dir)
        .filter((name) => !name.endsWith('-wal') && !name.endsWith('-shm'))
        .sort(),
    ).toEqual(['jobs', 'shop.db']);
    const { path, bytes } = await databaseOf(dir);
    expect(bytes.equals(await readFile(join(copy, DATABASE)))).toBe(true);
    expect(await run(['restore', copy], envOf(dir))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(path),
    });
  },
  60_000,
);

async function databaseOf(dir: string): Promise<{ path: string; bytes: Buffer }> {
  const path = join(dir, 'shop.db');
  return { path, bytes: await readFile(path) };
}
