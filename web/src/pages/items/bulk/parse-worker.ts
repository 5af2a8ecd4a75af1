/** Reads the items of a file or text in a thread of its own: the page stays quick, however long the file is. */
import { type ParsedRow, parseItems } from './parse-items';

/** The page takes up so many at once without a jerk. */
const ROWS_PER_MESSAGE = 2_000;

export type FromParser =
  | { readonly kind: 'rows'; readonly rows: readonly ParsedRow[]; readonly total: number }
  | { readonly kind: 'problem'; readonly problem: string };

const send = (message: FromParser) => self.postMessage(message);

self.onmessage = async ({ data: source }: MessageEvent<string | File>) => {
  const text = typeof source === 'string' ? source : await source.text();
  if (text.includes('\u0000') && typeof source !== 'string') {
    return send({ kind: 'problem', problem: `${source.name} is not a text file. CSV and JSONL are read.` });
  }
  const rows = parseItems(text);
  for (let from = 0; from < Math.max(1, rows.length); from += ROWS_PER_MESSAGE) {
    send({ kind: 'rows', rows: rows.slice(from, from + ROWS_PER_MESSAGE), total: rows.length });
  }
};
