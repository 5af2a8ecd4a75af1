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
  const decode = (chunk: Buffer, options?: { readonly stream: boolean }) => {
    try {
      return decoder.decode(chunk, options);
    } catch {
      const reason = 'expected text in UTF-8, got other bytes; save the file as UTF-8';
      throw new DatasetError(file, line + linesBeforeFault(chunk), reason);
    }
  };
  for await (const chunk of bytes) {
    yield decode(chunk, { stream: true });
    for (const byte of chunk) if (byte === NEWLINE) line++;
  }
  yield decode(Buffer.alloc(0));
}

const NEWLINE = 0x0a;

/** Bytes that end a character of the chunk before are left out. */
function linesBeforeFault(chunk: Buffer): number {
  const lines = chunk
    .toString('latin1')
    .replace(/^[\x80-\xbf]+/, '')
    .split('\n');
  const at = lines.findIndex((line) => !isUtf8(Buffer.from(line, 'latin1')));
  return Math.max(0, at);
}
