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
  let isFirst = true;
  const decode = (chunk: Buffer, options?: { readonly stream: boolean }) => {
    try {
      return decoder.decode(chunk, options);
    } catch {
      throw faultOf(file, chunk, line);
    }
  };
  for await (const chunk of bytes) {
    if (isFirst && isUtf16(chunk)) throw new DatasetError(file, 1, UTF16);
    isFirst = false;
    yield decode(chunk, { stream: true });
    for (const byte of chunk) if (byte === NEWLINE) line++;
  }
  yield decode(Buffer.alloc(0));
}

const NEWLINE = 0x0a;

const UTF16 = 'expected text in UTF-8, got UTF-16; save the file as UTF-8';

/** Without a byte order mark it may be UTF-8 too: with a NUL beside each character of a header, an ID or an opening brace. */
function isUtf16([a, b, c, d]: Buffer): boolean {
  const hasMark = (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff);
  return hasMark || (a !== 0 && b === 0 && c !== 0 && d === 0) || (a === 0 && b !== 0 && c === 0 && d !== 0);
}

/** How packed files begin, and what to do with them. Their first bytes are no UTF-8. */
const PACKED = [
  { kind: 'a gzip file', start: [0x1f, 0x8b], advice: 'unpack it, or end its name in .gz' },
  { kind: 'a zstd file', start: [0x28, 0xb5, 0x2f, 0xfd], advice: 'unpack it' },
  { kind: 'a zip file', start: [0x50, 0x4b, 0x03, 0x04], advice: 'unpack it, or save its sheet as CSV in UTF-8' },
];

function faultOf(file: string, chunk: Buffer, line: number): DatasetError {
  const packed = line === 1 ? PACKED.find(({ start }) => start.every((byte, i) => chunk[i] === byte)) : undefined;
  if (packed) return new DatasetError(file, null, `expected text in UTF-8, got ${packed.kind}; ${packed.advice}`);
  const reason = 'expected text in UTF-8, got other bytes; save the file as UTF-8';
  return new DatasetError(file, line + linesBeforeFault(chunk), reason);
}

/** Bytes that end a character of the chunk before are left out. */
function linesBeforeFault(chunk: Buffer): number {
  const lines = chunk
    .toString('latin1')
    .replace(/^[\x80-\xbf]+/, '')
    .split('\n');
  const at = lines.findIndex((line) => !isUtf8(Buffer.from(line, 'latin1')));
  return Math.max(0, at);
}
