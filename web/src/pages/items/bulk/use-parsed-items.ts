import { useEffect, useState } from 'react';

import { type ParsedRow, parseItems, unreadNames } from './parse-items';
import { readText } from './read-text';

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

/** Reads the items of a text or file. Another source takes the place of the one before. */
export function useParsedItems(source: string | File): ParsedItems {
  const [parsed, setParsed] = useState<ParsedItems>(NOTHING);
  useEffect(() => {
    if (typeof source === 'string') return setParsed(parsedFrom(source));
    let isCurrent = true;
    setParsed({ ...NOTHING, isReading: true });
    void readText(source).then((text) => isCurrent && setParsed(parsedFile(text, source.name)));
    return () => {
      isCurrent = false;
    };
  }, [source]);
  return parsed;
}

function parsedFrom(text: string): ParsedItems {
  return { ...NOTHING, rows: parseItems(text), unread: unreadNames(text) };
}

function parsedFile(text: string | null, name: string): ParsedItems {
  if (text === null) {
    const problem = `${name} is not a text in UTF-8. CSV and JSONL are read: save it as “CSV UTF-8”, for instance.`;
    return { ...NOTHING, problem };
  }
  return text.trim() === '' ? { ...NOTHING, problem: `${name} is empty.` } : parsedFrom(text);
}
