/** Reads text files line by line, with line numbers. */
import { DatasetError } from './dataset';
import { readBytes, unreadable } from './plain-file';
import { decodeUtf8 } from './utf8';

export interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** Without white space at both ends. */
  readonly text: string;
}

/** Much more than a line needs, and less than a text of JavaScript can be. */
const MAX_LINE = 250_000_000;

/**
 * Streams the lines of a file. Empty lines are skipped, but they count in the line numbers.
 *
 * @throws {DatasetError} When the file cannot be read, or has a line above 250 million characters.
 */
export async function* readLines(file: string): AsyncGenerator<Line> {
  let number = 0;
  let rest = '';
  try {
    for await (const chunk of decodeUtf8(file, readBytes(file))) {
      // The rest is not split again with each chunk: of a line of 100 MB it would be read a thousand times.
      const [end, ...others] = chunk.split('\n');
      if (rest.length + end.length > MAX_LINE)
        throw new DatasetError(file, number + 1, `expected a line of at most ${MAX_LINE} characters, got a longer one`);
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
