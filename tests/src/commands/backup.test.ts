import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';

import { openCommandFolder } from '../../support/command-run';
import { canMountDisks, onDisk } from '../../support/small-disk';

describe('tigerql backup and tigerql restore', () => {
  const { dir, run } = openCommandFolder();
  const [copy, restored] = [`${dir}/copy`, `${dir}/restored`];

  it('print one JSON document when asked to, and a line for people', async () => {
    await run(['migrate']);
    const made = await run(['backup', copy, '--json']);
    expect({ code: made.code, stderr: made.stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(made.stdout)).toEqual({ dir: copy, checkpoints: 0, missingCheckpoints: [], unfinishedJobs: 0 });
    const target = { DATABASE_URL: `file:${restored}/shop.db`, DATA_DIR: restored };
    const back = await run(['restore', copy], target);
    expect(back.code).toBe(0);
    expect(back.stdout).toMatch(/shop\.db: the database and 0 checkpoints\n/);
    const again = await run(['restore', copy], target);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/shop\.db: expected no database there \(DATABASE_URL\), got one/);
  });

  // Root may write where permissions forbid it, so a file lies in the way.
  it('say what, where and what to do when the disk refuses, and leave nothing', async () => {
    writeFileSync(`${dir}/file`, '');
    const target = { DATABASE_URL: `file:${dir}/file/x/shop.db`, DATA_DIR: `${dir}/file/x` };
    const got = 'a path in which a file has the place of a folder (ENOTDIR); correct the path';
    const restore = await run(['restore', copy], target);
    expect(restore.stderr).toBe(`tigerql: ${dir}/file/x: expected a file or folder that can be used, got ${got}\n`);
    const backup = await run(['backup', `${dir}/file/copy`]);
    expect(backup.stderr).toBe(`tigerql: ${dir}/file: expected a file or folder that can be used, got ${got}\n`);
  });

  (canMountDisks() ? it : it.skip)('say that the disk is full, and leave nothing on it', async () => {
    mkdirSync(`${dir}/disk`);
    await onDisk(`${dir}/disk`, '100k', async (disk) => {
      const target = { DATABASE_URL: `file:${disk}/shop.db`, DATA_DIR: disk };
      const restore = await run(['restore', copy], target);
      expect(restore.stderr).toMatch(/^tigerql: .*\/copy\/database\.db → .*\/disk\/shop\.db.*: expected .*, got a disk that is full \(ENOSPC\); make room, or choose another\n$/); // prettier-ignore
      expect((await run(['backup', `${disk}/copy`])).stderr).toMatch(
        /^tigerql: .*\/disk\/copy\.partial.*full; make room on the disk, or choose another\n$/,
      );
      expect(readdirSync(disk)).toEqual([]);
    });
  });

  it('name the tools that do it on PostgreSQL, without the password', async () => {
    const env = { DATABASE_URL: 'postgresql://me:secret@db/shop', DATA_DIR: '/data' };
    for (const command of ['backup', 'restore']) {
      const { code, stderr } = await run([command, 'copy2'], env);
      expect([code, stderr]).toEqual([1, expect.stringContaining('pg_dump and pg_restore make')]);
      expect(stderr).not.toContain('secret');
    }
  });
});
