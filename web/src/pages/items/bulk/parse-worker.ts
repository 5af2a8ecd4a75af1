/** Reads the items of a file or text in a thread of its own: the page stays quick, however long the file is. */
import { type ParsedRow, parseItems, unreadNames } from './parse-items';
import { readText } from './read-text';

export type FromParser =
  | { readonly kind: 'rows'; readonly rows: readonly ParsedRow[]; readonly unread: readonly string[] }
  | { readonly kind: 'problem'; readonly problem: string };

const send = (message: FromParser) => self.postMessage(message);

self.onmessage = async ({ data: source }: MessageEvent<string | File>) => {
  const text = typeof source === 'string' ? source : await readText(source);
  if (text === null) {
    const problem = `${(source as File).name} is not a text in UTF-8. CSV and JSONL are read: save it as “CSV UTF-8”, for instance.`;
    return send({ kind: 'problem', problem });
  }
  if (typeof source !== 'string' && text.trim() === '') {
    return send({ kind: 'problem', problem: `${source.name} is empty.` });
  }
  send({ kind: 'rows', rows: parseItems(text), unread: unreadNames(text) });
};
