/** Fetches files of the console, and asks again while the server is away. */
import { useSyncExternalStore } from 'react';

import { fetchInTime } from './fetch-in-time';

const RETRY_MS = 2_000;

let awaited = 0;
const listeners = new Set<() => void>();

/** @returns Whether the code of some page has to be asked for again and again. */
export function useIsCodeAwaited(): boolean {
  return useSyncExternalStore(subscribe, () => awaited > 0);
}

export async function fetchPatiently(urls: readonly string[]): Promise<void> {
  let missing = await missingOf(urls);
  if (missing.length === 0) return;
  count(1);
  try {
    while (missing.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      if (await isFetched(missing[0])) missing = await missingOf(missing);
    }
  } finally {
    count(-1);
  }
}

async function missingOf(urls: readonly string[]): Promise<string[]> {
  const isThere = await Promise.all(urls.map(isFetched));
  return urls.filter((_, index) => !isThere[index]);
}

/** @returns False when nobody answers, or a server or proxy that cannot answer now. */
async function isFetched(url: string): Promise<boolean> {
  const response = await fetchInTime(url).catch(() => null);
  if (response === null || response.status >= 500) return false;
  if (!response.ok) throw new Error(`page: expected ${url}, got ${response.status}. The server has a newer console.`);
  return response.blob().then(
    () => true,
    () => false,
  );
}

function count(change: 1 | -1): void {
  awaited += change;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
