/**
 * A checkpoint folder: tensors, JSON documents, and a manifest with the SHA-256 of each. Loading verifies every file, or fails.
 *
 * Tensors are kept in the safetensors format (a JSON header before the raw little-endian values), so that other tools
 * read them. A folder is there completely or not at all: it is written under another name and then renamed.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const MANIFEST = 'manifest.json';
const FORMAT = 'tigerql-checkpoint-1';

/** A checkpoint that is missing, damaged or of another format; the message names the file and what is wrong with it. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

export interface NamedTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

export type NamedTensors = Readonly<Record<string, NamedTensor>>;

export interface Checkpoint {
  /** File name without ending → tensors. */
  readonly tensors: Readonly<Record<string, NamedTensors>>;
  /** File name without ending → a JSON document. */
  readonly documents: Readonly<Record<string, unknown>>;
}

interface Manifest {
  readonly format: string;
  readonly files: Readonly<Record<string, string>>;
}

/** Writes the folder `dir`. A folder that is there is replaced only when the new one is complete. */
export async function saveCheckpoint(dir: string, checkpoint: Checkpoint): Promise<void> {
  const written = join(dirname(dir), `.${basename(dir)}.${randomUUID()}`);
  await mkdir(written, { recursive: true });
  const files: Record<string, string> = {};
  const put = async (name: string, bytes: Buffer) => {
    files[name] = sha256(bytes);
    await writeFile(join(written, name), bytes);
  };
  for (const [name, tensors] of Object.entries(checkpoint.tensors))
    await put(`${name}.safetensors`, encodeTensors(tensors));
  for (const [name, value] of Object.entries(checkpoint.documents))
    await put(`${name}.json`, Buffer.from(`${JSON.stringify(value, null, 2)}\n`));
  await writeFile(
    join(written, MANIFEST),
    `${JSON.stringify({ format: FORMAT, files } satisfies Manifest, null, 2)}\n`,
  );
  await replace(dir, written);
}

/** @throws {CheckpointError} When a file is missing, cannot be read, or has another hash than the manifest says. */
export async function loadCheckpoint(dir: string): Promise<Checkpoint> {
  const manifest = await readManifest(dir);
  const tensors: Record<string, NamedTensors> = {};
  const documents: Record<string, unknown> = {};
  for (const [name, hash] of Object.entries(manifest.files)) {
    const bytes = await readVerified(dir, name, hash);
    if (name.endsWith('.safetensors'))
      tensors[name.slice(0, -'.safetensors'.length)] = decodeTensors(bytes, join(dir, name));
    else documents[name.slice(0, -'.json'.length)] = JSON.parse(bytes.toString('utf8'));
  }
  return { tensors, documents };
}

/** @returns Whether `dir` is a complete checkpoint; its contents are not verified here. */
export async function hasCheckpoint(dir: string): Promise<boolean> {
  return (await readdir(dir).catch(() => [] as string[])).includes(MANIFEST);
}

async function readManifest(dir: string): Promise<Manifest> {
  const path = join(dir, MANIFEST);
  const text = await readFile(path, 'utf8').catch(() => {
    throw new CheckpointError(`${path}: expected a checkpoint's manifest, got no readable file`);
  });
  const manifest = parseManifest(text, path);
  if (manifest.format !== FORMAT)
    throw new CheckpointError(`${path}: expected format ${FORMAT}, got ${manifest.format}`);
  for (const name of Object.keys(manifest.files)) {
    if (!/^[\w-]+\.(safetensors|json)$/.test(name))
      throw new CheckpointError(`${path}: expected plain file names, got ${name}`);
  }
  return manifest;
}

function parseManifest(text: string, path: string): Manifest {
  try {
    return JSON.parse(text) as Manifest;
  } catch {
    throw new CheckpointError(`${path}: expected JSON, got something else`);
  }
}

async function readVerified(dir: string, name: string, hash: string): Promise<Buffer> {
  const path = join(dir, name);
  const bytes = await readFile(path).catch(() => {
    throw new CheckpointError(`${path}: expected the file that the manifest names, got none`);
  });
  const found = sha256(bytes);
  if (found !== hash) throw new CheckpointError(`${path}: expected SHA-256 ${hash}, got ${found}: the file is damaged`);
  return bytes;
}

async function replace(dir: string, written: string): Promise<void> {
  const old = `${written}.old`;
  const hadOne = await rename(dir, old).then(
    () => true,
    () => false,
  );
  await rename(written, dir);
  if (hadOne) await rm(old, { recursive: true, force: true });
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

// ---- safetensors ----------------------------------------------------------------------------------------------------

interface TensorHeader {
  readonly dtype: 'F32' | 'I32';
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Source: the safetensors format, https://github.com/huggingface/safetensors#format. */
function encodeTensors(tensors: NamedTensors): Buffer {
  const header: Record<string, TensorHeader> = {};
  const parts: Buffer[] = [];
  let offset = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    header[name] = {
      dtype: data instanceof Float32Array ? 'F32' : 'I32',
      shape,
      data_offsets: [offset, offset + data.byteLength],
    };
    parts.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    offset += data.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded, ...parts]);
}

function decodeTensors(bytes: Buffer, path: string): NamedTensors {
  const headerEnd = 8 + Number(bytes.readBigUInt64LE(0));
  if (headerEnd > bytes.length)
    throw new CheckpointError(`${path}: expected a header of ${headerEnd} bytes, got ${bytes.length} bytes in all`);
  const header = JSON.parse(bytes.toString('utf8', 8, headerEnd)) as Record<string, TensorHeader>;
  const tensors: Record<string, NamedTensor> = {};
  for (const [
    name,
    {
      dtype,
      shape,
      data_offsets: [from, to],
    },
  ] of Object.entries(header)) {
    const values = bytes.subarray(headerEnd + from, headerEnd + to);
    const copy = values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength) as ArrayBuffer;
    tensors[name] = { shape, data: dtype === 'F32' ? new Float32Array(copy) : new Int32Array(copy) };
  }
  return tensors;
}
