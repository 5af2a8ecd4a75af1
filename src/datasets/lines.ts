/** Text files, line by line, with their numbers. */
import { createReadStream } from 'node:fs';

import { DatasetError } from './dataset';

export interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** Without space at its ends. */
  readonly text: string;
}

/**
 * Streams a file's lines; empty ones are skipped but counted.
 *
 * @throws {DatasetError} When the file cannot be read.
 */
export async function* readLines(file: string): AsyncGenerator<Line> {
  let number = 0;
  let rest = '';
  try {
    for await (const chunk of createReadStream(file, 'utf8')) {
      const texts = (rest + chunk).split('\n');
      rest = texts.pop() ?? '';
      for (const text of texts) yield* lineOf(++number, text);
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

/** A failed open or read as a `DatasetError`; other errors pass as they are. */
export function unreadable(file: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined || error instanceof DatasetError) return error;
  return new DatasetError(file, null, `expected a readable file, got ${code}`);
}
