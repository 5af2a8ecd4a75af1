/** The folder of a backup: the database, the checkpoints, and a manifest with the size and the SHA-256 of each file. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readFile, readdir } from 'node:fs/promises';
import { isAbsolute, join, normalize } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { z } from 'zod';

import { flush } from '../files/disk';
import { fileFault } from '../files/file-fault';

export const BACKUP_MANIFEST = 'manifest.json';
export const DATABASE = 'database.db';
const FORMAT = 'tigerql-backup-1';
const MAX_MANIFEST_BYTES = 100_000_000;

export class BackupError extends Error {
  override readonly name = 'BackupError';
}

const fileSchema = z.object({ bytes: z.int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });

const manifestSchema = z.object({
  format: z.literal(FORMAT),
  createdAt: z.string(),
  /** The version of tigerql that made it. */
  version: z.string(),
  migrations: z.array(z.string()),
  /** Checkpoints that the database names but that were not there. */
  missingCheckpoints: z.array(z.string()),
  /** Training jobs that start from the beginning after a restoration. */
  unfinishedJobs: z.int().nonnegative(),
  files: z.record(z.string(), fileSchema),
});

export type BackupManifest = z.infer<typeof manifestSchema>;
export type BackupFile = z.infer<typeof fileSchema>;

/**
 * Describes the files below `dir`, and makes sure that they are on the disk.
 *
 * @throws {AbortError} When the signal is aborted, also in the middle of a file.
 */
export async function describeFiles(dir: string, signal: AbortSignal): Promise<Record<string, BackupFile>> {
  const files: Record<string, BackupFile> = {};
  for (const entry of await readdir(dir, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    await flush(path);
    if (!entry.isFile()) continue;
    files[path.slice(dir.length + 1).replaceAll('\\', '/')] = await describeFile(path, signal);
  }
  return files;
}

async function describeFile(path: string, signal: AbortSignal): Promise<BackupFile> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash, { signal });
  return { bytes: (await lstat(path)).size, sha256: hash.digest('hex') };
}

export function manifestText(manifest: Omit<BackupManifest, 'format'>): string {
  return `${JSON.stringify({ format: FORMAT, ...manifest } satisfies BackupManifest, null, 2)}\n`;
}

/**
 * Reads the manifest of a backup, and verifies every file that it names.
 *
 * @throws {BackupError} When a file is missing, is no plain file, or is not as it was.
 * @throws {AbortError} When the signal is aborted, also in the middle of a file.
 */
export async function verifyBackup(dir: string, signal: AbortSignal): Promise<BackupManifest> {
  const manifest = await readManifest(join(dir, BACKUP_MANIFEST));
  for (const [name, expected] of Object.entries(manifest.files)) await verifyFile(dir, name, expected, signal);
  if (!(DATABASE in manifest.files)) throw new BackupError(`${dir}: expected ${DATABASE} in the manifest, got none`);
  return manifest;
}

async function readManifest(path: string): Promise<BackupManifest> {
  await plainSize(path, MAX_MANIFEST_BYTES);
  const parsed = manifestSchema.safeParse(jsonOf(await readFile(path, 'utf8'), path));
  if (parsed.success) return parsed.data;
  const [{ path: field, message }] = parsed.error.issues;
  const where = field.length === 0 ? 'it' : `its field ${field.join('.')}`;
  throw new BackupError(`${path}: expected a backup's manifest, but ${where} does not fit: ${message}`);
}

function jsonOf(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BackupError(`${path}: expected JSON, got something else`);
  }
}

async function verifyFile(dir: string, name: string, expected: BackupFile, signal: AbortSignal): Promise<void> {
  if (isAbsolute(name) || normalize(name).startsWith('..') || name.includes('\\'))
    throw new BackupError(`${dir}: expected a path below the backup, got ${name}`);
  const path = join(dir, name);
  const bytes = await plainSize(path);
  if (bytes !== expected.bytes) throw new BackupError(`${path}: expected ${expected.bytes} bytes, got ${bytes}`);
  const { sha256 } = await describeFile(path, signal);
  if (sha256 === expected.sha256) return;
  throw new BackupError(`${path}: expected SHA-256 ${expected.sha256}, got ${sha256}: the file is damaged`);
}

/** @returns The size. A pipe would never end, and a device may give anything, so neither is opened. */
async function plainSize(path: string, maxBytes = Infinity): Promise<number> {
  const stats = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    throw new BackupError(`${path}: expected a file, got ${fileFault(error) ?? error.code}`);
  });
  if (!stats.isFile())
    throw new BackupError(`${path}: expected a plain file, got a link, a folder, a pipe or a device`);
  if (stats.size > maxBytes) throw new BackupError(`${path}: expected at most ${maxBytes} bytes, got ${stats.size}`);
  return stats.size;
}
