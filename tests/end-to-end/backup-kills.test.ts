/** A backup or a restoration that is killed leaves something whole, or something that is refused with what to do; a second try works. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, watch, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type BackupManifest, describeFiles, manifestText, verifyBackup } from '../../src/backup/backup-manifest';
import { PACKAGE_ROOT } from '../../src/paths';
import { openCommandFolder } from '../support/command-run';

const { dir: root, run, dispose } = openCommandFolder();
const copy = join(root, 'copy');
const source = envOf(join(root, 'source'));

function envOf(dir: string) {
  return { DATABASE_URL: `file:${join(dir, 'shop.db')}`, DATA_DIR: dir };
}

beforeAll(async () => {
  await run(['migrate'], source);
  await run(['backup', copy], source);
  await addCheckpoint(copy);
}, 60_000);
afterAll(dispose);

/** Checkpoints are files below `jobs`. */
async function addCheckpoint(dir: string): Promise<void> {
  mkdirSync(join(dir, 'jobs', '1', 'checkpoint'), { recursive: true });
  for (let i = 0; i < 5; i++) writeFileSync(join(dir, 'jobs', '1', 'checkpoint', `part-${i}`), 'x'.repeat(100_000));
  const manifest = JSON.parse(await readFile(join(dir, 'manifest.json'), 'utf8')) as BackupManifest;
  rmSync(join(dir, 'manifest.json'));
  const files = await describeFiles(dir, new AbortController().signal);
  writeFileSync(join(dir, 'manifest.json'), manifestText({ ...manifest, files }));
}

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

const CHANGES = [1, 3, 8, 13, 21];

it.each(CHANGES)(
  'a backup that is killed at its change %d',
  async (change) => {
    const place = join(root, `backup-${change}`);
    mkdirSync(place);
    const target = join(place, 'copy');
    await killedAt(change, place, ['backup', target], source);
    if (existsSync(target)) {
      await verifyBackup(target, new AbortController().signal);
      return;
    }
    if (readdirSync(place).length > 0) {
      const { code, stderr } = await run(['backup', target], source);
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/copy\.partial: expected no unfinished backup, got one; remove it/),
      ]);
      rmSync(`${target}.partial`, { recursive: true });
    }
    expect(await run(['backup', target], source)).toMatchObject({ code: 0 });
    await verifyBackup(target, new AbortController().signal);
  },
  60_000,
);

it.each(CHANGES)(
  'a restoration that is killed at its change %d',
  async (change) => {
    const shop = join(root, `shop-${change}`);
    mkdirSync(shop);
    await killedAt(change, shop, ['restore', copy], envOf(shop));
    if (!existsSync(join(shop, 'shop.db'))) {
      let second = await run(['restore', copy], envOf(shop));
      if (second.code !== 0) {
        expect(second.stderr).toMatch(/jobs: expected no training jobs there .*; remove them if they are left/);
        rmSync(join(shop, 'jobs'), { recursive: true });
        second = await run(['restore', copy], envOf(shop));
      }
      expect(second).toMatchObject({ code: 0 });
    }
    expect(readdirSync(join(shop, 'jobs', '1', 'checkpoint'))).toHaveLength(5);
    expect(
      readdirSync(shop)
        .filter((name) => !name.endsWith('-wal') && !name.endsWith('-shm'))
        .sort(),
    ).toEqual(['jobs', 'shop.db']);
    const { path, bytes } = await databaseOf(shop);
    expect(bytes.equals(await readFile(join(copy, 'database.db')))).toBe(true);
    expect(await run(['restore', copy], envOf(shop))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(path),
    });
  },
  60_000,
);

async function databaseOf(shop: string): Promise<{ path: string; bytes: Buffer }> {
  const path = join(shop, 'shop.db');
  return { path, bytes: await readFile(path) };
}
