import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  BackupError,
  type BackupManifest,
  DATABASE,
  describeFiles,
  BACKUP_MANIFEST,
  manifestText,
  verifyBackup,
} from '../../../src/backup/backup-manifest';

describe('the manifest of a backup', () => {
  const { signal } = new AbortController();
  let dir: string;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'tigerql-backup-'));
    mkdirSync(join(dir, 'jobs', '1'), { recursive: true });
    writeFileSync(join(dir, DATABASE), 'rows');
    writeFileSync(join(dir, 'jobs', '1', 'weights'), 'weights');
    await writeManifest();
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  async function writeManifest(changes: Partial<BackupManifest> = {}): Promise<void> {
    rmSync(join(dir, BACKUP_MANIFEST), { force: true });
    const head = {
      createdAt: '2024',
      version: '1.0.0',
      migrations: ['init'],
      missingCheckpoints: [],
      unfinishedJobs: 0,
    };
    writeFileSync(
      join(dir, BACKUP_MANIFEST),
      manifestText({ ...head, files: await describeFiles(dir, signal), ...changes }),
    );
  }
  const sha = (text: string) => execFileSync('sha256sum', { input: text }).toString().slice(0, 64);

  it('names each file below the folder, with its size and its SHA-256', async () => {
    const { files, migrations } = await verifyBackup(dir, signal);
    expect(files).toEqual({
      [DATABASE]: { bytes: 4, sha256: sha('rows') },
      'jobs/1/weights': { bytes: 7, sha256: sha('weights') },
    });
    expect(migrations).toEqual(['init']);
  });

  it('is not made when that is stopped', async () => {
    await expect(describeFiles(dir, AbortSignal.abort())).rejects.toThrow('aborted');
  });

  it.each<[string, () => void, RegExp]>([
    ['a file that has grown', () => appendFileSync(join(dir, DATABASE), '!'), /expected 4 bytes, got 5/],
    ['a file whose bytes are others', () => writeFileSync(join(dir, DATABASE), 'rowS'), /the file is damaged/],
    ['a file that is gone', () => rmSync(join(dir, 'jobs', '1', 'weights')), /expected a file, got none \(ENOENT\)/],
    ['a link in place of a file', () => {
      rmSync(join(dir, DATABASE));
      symlinkSync(join(dir, 'jobs', '1', 'weights'), join(dir, DATABASE));
    }, /expected a plain file/],
    ['no manifest', () => rmSync(join(dir, BACKUP_MANIFEST)), /manifest\.json: expected a file, got none \(ENOENT\)/],
    ['a manifest that is no JSON', () => writeFileSync(join(dir, BACKUP_MANIFEST), 'x'), /expected JSON/],
    ['a manifest of another format', () => {
      const text = readFileSync(join(dir, BACKUP_MANIFEST), 'utf8');
      writeFileSync(join(dir, BACKUP_MANIFEST), text.replace('tigerql-backup-1', 'tigerql-backup-9'));
    }, /expected a backup's manifest, but its field format does not fit/],
  ])('refuses %s', async (_, damage, reason) => {
    damage();
    await expect(verifyBackup(dir, signal)).rejects.toThrow(BackupError);
    await expect(verifyBackup(dir, signal)).rejects.toThrow(reason);
  }); // prettier-ignore

  it.each(['/etc/passwd', 'jobs/../../outside'])('opens nothing at %s', async (name) => {
    const file = { bytes: 4, sha256: sha('rows') };
    await writeManifest({ files: { [DATABASE]: file, [name]: file } });
    await expect(verifyBackup(dir, signal)).rejects.toThrow(/expected a path below the backup/);
  });

  it('must name the database', async () => {
    await writeManifest({ files: {} });
    await expect(verifyBackup(dir, signal)).rejects.toThrow(/expected database\.db in the manifest, got none/);
  });
});
