/** Finds, opens, unpacks and decodes the text files of a dataset. */
import { existsSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { NotPlainError, openPlainFile } from '../../models/checkpoint/plain-file';
import { fileFault } from '../files/file-fault';
import { DatasetError } from './dataset';

/** @returns The names, and those of the same files gzipped. */
export function orGzipped(...names: readonly string[]): string[] {
  return names.flatMap((name) => [name, `${name}.gz`]);
}

/**
 * @returns The path of the one that the folder has; null when it has none.
 * @throws {DatasetError} When it has several: which of them is meant, nobody but their owner knows.
 */
export function oneOf(dir: string, names: readonly string[]): string | null {
  const present = names.filter((name) => existsSync(join(dir, name)));
  if (present.length > 1)
    throw new DatasetError(dir, null, `expected one of these files, got ${present.join(' and ')}; remove the others`);
  return present.length === 0 ? null : join(dir, present[0]);
}

export interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** Text without white space at both ends. */
  readonly text: string;
}

/**
 * Streams the lines of a file. Empty lines are skipped, but they count in the line numbers.
 *
 * @throws {DatasetError} When the file cannot be read.
 */
export async function* readLines(file: string): AsyncGenerator<Line, void> {
  let number = 0;
  let rest = '';
  try {
    for await (const chunk of decodeUtf8(file, readBytes(file))) {
      // The rest is not split again with each chunk: of a line of 100 MB it would be read a thousand times.
      const [end, ...others] = chunk.split('\n');
      rest += end;
      for (const text of others) {
        yield* lineOf(++number, rest);
        rest = text;
      }
    }
  } catch (error) {
    throw unreadable(file, error);
  }
  yield* lineOf(++number, rest);
}

function lineOf(number: number, raw: string): Line[] {
  const text = (number === 1 ? raw.replace(/^\uFEFF/, '') : raw).trim();
  return text === '' ? [] : [{ number, text }];
}

/**
 * Opens a file, or the one that a link leads to.
 *
 * @throws {DatasetError} When there is none, when it cannot be read, or when it is no plain file, which is then not opened.
 */
export async function openDatasetFile(file: string): Promise<FileHandle> {
  return openPlainFile(file, 'follow').catch((error: unknown) => {
    throw unreadable(file, error);
  });
}

/** Streams the bytes of a file, unpacked where it is called `.gz`. @throws {DatasetError} As `openDatasetFile`, and when a read fails. */
export function readBytes(file: string): AsyncIterable<Buffer> {
  const bytes = readAsIs(file);
  // An error in the file ends the unzipping too.
  return file.endsWith('.gz') ? pipeline(bytes, createGunzip(), () => undefined) : bytes;
}

async function* readAsIs(file: string): AsyncGenerator<Buffer> {
  const handle = await openDatasetFile(file);
  yield* handle.createReadStream();
}

/** @returns A `DatasetError` for a failed open or read; any other error unchanged. */
export function unreadable(file: string, error: unknown): unknown {
  if (error instanceof NotPlainError) return new DatasetError(file, null, `expected a readable file, got ${error.got}`);
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined || error instanceof DatasetError) return error;
  return new DatasetError(file, null, `expected a readable file, got ${fileFault(error) ?? code}`);
}

/**
 * Streams the text, with the byte order mark where the file has one.
 *
 * @throws {DatasetError} When the text is not UTF-8.
 */
export async function* decodeUtf8(file: string, bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const decode = (chunk?: Buffer) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      const reason =
        'expected text in UTF-8, got other bytes; save the file as UTF-8, and end the name of a gzip file in .gz';
      throw new DatasetError(file, null, reason);
    }
  };
  for await (const chunk of bytes) yield decode(chunk);
  yield decode();
}
