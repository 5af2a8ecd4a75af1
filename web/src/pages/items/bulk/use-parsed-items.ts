import { useEffect, useState } from 'react';

import type { ParsedRow } from './parse-items';
import type { FromParser } from './parse-worker';
import workerUrl from './parse-worker?worker&url';

export interface ParsedItems {
  /** None while they are being read. */
  readonly rows: readonly ParsedRow[];
  /** Names of columns or fields that are not read. */
  readonly unread: readonly string[];
  readonly isReading: boolean;
  /** Why the source cannot be read; null when it can. */
  readonly problem: string | null;
}

const NOTHING: ParsedItems = { rows: [], unread: [], isReading: false, problem: null };

/** Reads the items of a text or file in a worker. Another source ends the reading of the one before. */
export function useParsedItems(source: string | File): ParsedItems {
  const [parsed, setParsed] = useState<ParsedItems>(NOTHING);
  useEffect(() => {
    if (source === '') return setParsed(NOTHING);
    setParsed({ ...NOTHING, isReading: true });
    const ending = new AbortController();
    read(source, ending.signal, setParsed);
    return () => ending.abort();
  }, [source]);
  return parsed;
}

/** @param tell - Called with what is known, until the signal comes. */
function read(source: string | File, end: AbortSignal, tell: (parsed: ParsedItems) => void): void {
  const fail = (problem: string) => tell({ ...NOTHING, problem });
  const worker = new Worker(workerUrl, { type: 'module' });
  end.addEventListener('abort', () => worker.terminate());
  worker.onmessage = ({ data }: MessageEvent<FromParser>) => {
    if (data.kind === 'problem') fail(data.problem);
    else tell({ rows: data.rows, unread: data.unread, isReading: false, problem: null });
  };
  worker.onerror = () => fail('It could not be read. It may be too large for this browser, or the server is away.');
  worker.postMessage(source);
}
