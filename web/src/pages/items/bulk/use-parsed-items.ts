import { useEffect, useState } from 'react';

import type { ParsedRow } from './parse-items';
import type { FromParser } from './parse-worker';

export interface ParsedItems {
  /** None while they are being read. */
  readonly rows: readonly ParsedRow[];
  readonly isReading: boolean;
  /** Why the source cannot be read; null when it can. */
  readonly problem: string | null;
}

const NOTHING: ParsedItems = { rows: [], isReading: false, problem: null };

/** Reads the items of a text or file in a worker. Another source ends the reading of the one before. */
export function useParsedItems(source: string | File): ParsedItems {
  const [parsed, setParsed] = useState<ParsedItems>(NOTHING);
  useEffect(() => {
    if (source === '') return setParsed(NOTHING);
    const worker = new Worker(new URL('./parse-worker.ts', import.meta.url), { type: 'module' });
    setParsed({ ...NOTHING, isReading: true });
    const rows: ParsedRow[] = [];
    worker.onmessage = ({ data }: MessageEvent<FromParser>) => {
      if (data.kind === 'problem') return setParsed({ ...NOTHING, problem: data.problem });
      rows.push(...data.rows);
      if (rows.length === data.total) setParsed({ rows, isReading: false, problem: null });
    };
    worker.onerror = () =>
      setParsed({ ...NOTHING, problem: 'It could not be read. It may be too large for this browser.' });
    worker.postMessage(source);
    return () => worker.terminate();
  }, [source]);
  return parsed;
}
