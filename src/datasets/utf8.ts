/**
 * Decodes the bytes of a file. What is not UTF-8 is refused: read all the same, each of its bytes would be the same character, so that
 * `Müller` and `Möller` would be one user.
 */
import { isUtf8 } from 'node:buffer';

import { DatasetError } from './dataset';

/**
 * Streams the text, with the byte order mark where the file has one.
 *
 * @throws {DatasetError} With the line at which the text is not UTF-8.
 */
export async function* decodeUtf8(file: string, bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let line = 1;
  for await (const chunk of bytes) {
    yield decodedOr(notUtf8(file, line, chunk), () => decoder.decode(chunk, { stream: true }));
    line += linesOf(chunk).length - 1;
  }
  yield decodedOr(notUtf8(file, line, Buffer.alloc(0)), () => decoder.decode());
}

function decodedOr(fault: () => DatasetError, decode: () => string): string {
  try {
    return decode();
  } catch {
    throw fault();
  }
}

function notUtf8(file: string, firstLine: number, chunk: Buffer): () => DatasetError {
  return () => {
    const at = linesOf(chunk).findIndex((line) => !isUtf8(Buffer.from(line, 'latin1')));
    const reason = 'expected text in UTF-8, got other bytes; save the file as UTF-8';
    return new DatasetError(file, firstLine + Math.max(0, at), reason);
  };
}

/** @returns A character for each byte. Those that end a character of the chunk before are left out. */
function linesOf(chunk: Buffer): string[] {
  return chunk
    .toString('latin1')
    .replace(/^[\x80-\xbf]+/, '')
    .split('\n');
}
