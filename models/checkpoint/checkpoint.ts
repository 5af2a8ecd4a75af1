/**
 * A checkpoint folder: tensors, JSON documents, and a manifest with the SHA-256 of each. Loading verifies every file, or fails.
 *
 * Tensors are kept in the safetensors format, so that other tools read them. A folder is there completely or not at all: it is written
 * under another name and then renamed.
 *
 * A checkpoint in the folder of a job is bound to that job: its manifest names the folder, and loading it from another one fails.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import type { HostTensor, HostTensors } from '../compute/device';
import { makeFolder } from './make-folder';
import { CheckpointError, checkHash, hashPlainFile, readPlainFile } from './plain-file';
import { encodeTensors, type TensorPlace } from './safetensors';
import { readTensors, type StoredTensor, type TensorMemory } from './stored-tensor';

export { CheckpointError, isCheckpointError } from './plain-file';

/** It is written last, so that a folder that has it is whole. */
export const MANIFEST = 'manifest.json';
const FORMAT = 'tigerql-checkpoint-1';

export interface Checkpoint {
  /** File name without ending → tensors. */
  readonly tensors: Readonly<Record<string, HostTensors>>;
  /** File name without ending → a JSON document. */
  readonly documents: Readonly<Record<string, unknown>>;
  /** As `tensors`, for those that stay in their files; absent: all are in memory. */
  readonly stored?: Readonly<Record<string, StoredTensors>>;
}

/** Whether a tensor stays in its file. */
export type StaysStored = (group: string, name: string, place: TensorPlace) => boolean;

type StoredTensors = Readonly<Record<string, StoredTensor>>;

interface Manifest {
  readonly format: string;
  /** The name of the job's folder; absent: the checkpoint is no job's. */
  readonly job?: string;
  /** File name → SHA-256. */
  readonly files: Readonly<Record<string, string>>;
}

const JOB_NAME = /^\d+-[0-9a-f]{32}$/;
const MAX_MANIFEST_BYTES = 1_000_000;
/** A buffer of Node cannot be much larger. */
const MAX_FILE_BYTES = 2 ** 31 - 1;
/** With its header in a file. */
const MAX_TENSOR_BYTES = MAX_FILE_BYTES - 2 ** 16;
/** Size of one file of tensors at most, unless one tensor alone takes more. */
const SPLIT_BYTES = 2 ** 30;

/**
 * Writes the folder `dir`. A folder that is there is replaced only when the new one is complete; when that fails, such as on a full
 * disk, nothing of the new one is left. A process that is killed in between leaves none.
 */
export async function saveCheckpoint(dir: string, checkpoint: Checkpoint, splitBytes = SPLIT_BYTES): Promise<void> {
  const written = join(dirname(dir), `.${basename(dir)}.${randomUUID()}`);
  try {
    await writeFiles(written, splitTensors(checkpoint, splitBytes), jobOf(dir));
    await rm(dir, { recursive: true, force: true });
    await rename(written, dir);
  } catch (error) {
    await rm(written, { recursive: true, force: true });
    throw error;
  }
}

async function writeFiles(written: string, checkpoint: Checkpoint, job: string | undefined): Promise<void> {
  await makeFolder(written);
  const files: Record<string, string> = {};
  const put = async (name: string, bytes: Buffer) => {
    files[name] = sha256(bytes);
    await writeFile(join(written, name), bytes, { flush: true });
  };
  for (const [name, tensors] of Object.entries(checkpoint.tensors)) {
    checkSize(join(written, name), tensors);
    await put(`${name}.safetensors`, encodeTensors(tensors));
  }
  for (const [name, value] of Object.entries(checkpoint.documents))
    await put(`${name}.json`, Buffer.from(`${JSON.stringify(value, null, 2)}\n`));
  const manifest: Manifest = { format: FORMAT, job, files };
  await writeFile(join(written, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
}

/** Between the name of a group of tensors and the number of its file, from the second one on. */
const PART = '--';

/** Distributes the tensors of a large group over several files: `state`, `state--2`, `state--3`. */
function splitTensors({ tensors, documents }: Checkpoint, splitBytes: number): Checkpoint {
  const files: Record<string, Record<string, HostTensor>> = {};
  for (const [group, named] of Object.entries(tensors)) {
    let [part, bytes] = [1, 0];
    files[group] = {};
    for (const [name, tensor] of Object.entries(named)) {
      if (bytes > 0 && bytes + tensor.data.byteLength > splitBytes) [part, bytes] = [part + 1, 0];
      const file = part === 1 ? group : `${group}${PART}${part}`;
      (files[file] ??= {})[name] = tensor;
      bytes += tensor.data.byteLength;
    }
  }
  return { tensors: files, documents };
}

/** @throws {CheckpointError} When a tensor is too large for a file that can be read again. */
function checkSize(path: string, tensors: HostTensors): void {
  for (const [name, { data }] of Object.entries(tensors)) {
    if (data.byteLength <= MAX_TENSOR_BYTES) continue;
    const expected = `expected ${name} to take less than 2 GiB, got ${data.byteLength} bytes`;
    throw new CheckpointError(`${path}: ${expected}; a model of fewer items, or with narrower vectors, can be stored`);
  }
}

/**
 * Reads and verifies a checkpoint. It opens plain files only: no link, no pipe, no device.
 *
 * @param Memory - `SharedArrayBuffer` is for threads that share the tensors and do not change them; ONNX Runtime takes no input from it.
 * @param stays - Absent: none stays in its file.
 * @throws {CheckpointError} When a file is missing, cannot be read, or has another hash than the manifest says, or when the checkpoint
 *   belongs to another job.
 */
export async function loadCheckpoint(
  dir: string,
  Memory: TensorMemory = ArrayBuffer,
  stays: StaysStored = () => false,
): Promise<Checkpoint> {
  const manifest = await readManifest(dir);
  const tensors: Record<string, HostTensors> = {};
  let stored: Record<string, StoredTensors> | undefined;
  const documents: Record<string, unknown> = {};
  for (const [name, hash] of Object.entries(manifest.files)) {
    const path = join(dir, name);
    if (name.endsWith('.safetensors')) {
      const [group] = name.slice(0, -'.safetensors'.length).split(PART);
      const file = await readTensors(path, { hash, maxBytes: MAX_FILE_BYTES, Memory }, (...place) =>
        stays(group, ...place),
      );
      tensors[group] = { ...tensors[group], ...file.tensors };
      if (Object.keys(file.stored).length > 0) stored = { ...stored, [group]: { ...stored?.[group], ...file.stored } };
    } else documents[name.slice(0, -'.json'.length)] = parseJson(await readVerified(path, hash), path);
  }
  return { tensors, documents, stored };
}

/**
 * Verifies every file of a checkpoint, piece by piece: nothing is kept in memory, and the event loop goes on.
 *
 * @throws {CheckpointError} In the same cases as `loadCheckpoint`.
 */
export async function verifyCheckpoint(dir: string): Promise<void> {
  const { files } = await readManifest(dir);
  for (const [name, hash] of Object.entries(files)) {
    const path = join(dir, name);
    checkHash(path, await hashPlainFile(path, MAX_FILE_BYTES), hash);
  }
}

/** @returns Whether `dir` is a complete checkpoint; its contents are not verified here. */
export async function hasCheckpoint(dir: string): Promise<boolean> {
  return (await readdir(dir).catch(() => [] as string[])).includes(MANIFEST);
}

/** @returns The name of the job's folder that `dir` lies in; undefined when it lies in none. */
function jobOf(dir: string): string | undefined {
  const name = basename(dirname(resolve(dir)));
  return JOB_NAME.test(name) ? name : undefined;
}

async function readManifest(dir: string): Promise<Manifest> {
  const job = jobOf(dir);
  const path = join(dir, MANIFEST);
  const manifest = checkedManifest(parseJson(await readPlainFile(path, MAX_MANIFEST_BYTES), path), path);
  if (manifest.job === job) return manifest;
  throw new CheckpointError(`${path}: expected a checkpoint of ${jobText(job)}, got one of ${jobText(manifest.job)}`);
}

function jobText(job: string | undefined): string {
  return job === undefined ? 'no job' : `job ${job}`;
}

function checkedManifest(value: unknown, path: string): Manifest {
  const { format, files, job } = (value ?? {}) as Partial<Record<keyof Manifest, unknown>>;
  if (format !== FORMAT) throw new CheckpointError(`${path}: expected format ${FORMAT}, got ${String(format)}`);
  if (typeof files !== 'object' || files === null)
    throw new CheckpointError(`${path}: expected the hashes of its files, got ${typeof files}`);
  const stray = Object.keys(files).find((name) => !/^[\w-]+\.(safetensors|json)$/.test(name));
  if (stray !== undefined) throw new CheckpointError(`${path}: expected plain file names, got ${stray}`);
  return { format, files: files as Manifest['files'], job: job === undefined ? undefined : String(job) };
}

function parseJson(bytes: Buffer, path: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new CheckpointError(`${path}: expected JSON, got something else`);
  }
}

async function readVerified(path: string, hash: string): Promise<Buffer> {
  const bytes = await readPlainFile(path, MAX_FILE_BYTES);
  checkHash(path, sha256(bytes), hash);
  return bytes;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
