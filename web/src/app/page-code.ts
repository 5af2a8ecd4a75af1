/**
 * Fetches the code of a page before it is imported. Browsers remember for as long as the tab lives that a module could not be loaded, and
 * ask for it no more: no import may fail because the server is away.
 */
import { useSyncExternalStore } from 'react';

import { fetchInTime } from './fetch-in-time';

const RETRY_MS = 2_000;

/** As the build has written it into the page; a server of development has no such files. */
interface PageFiles {
  readonly files: readonly string[];
  /** By page: which of the files it needs. */
  readonly pages: Readonly<Record<string, readonly number[]>>;
}

let awaited = 0;
const listeners = new Set<() => void>();

/** @returns Whether the code of some page has to be asked for again and again. */
export function useIsCodeAwaited(): boolean {
  return useSyncExternalStore(subscribe, () => awaited > 0);
}

/**
 * Resolves once all files of a page are in the browser's cache.
 *
 * @param page - The name of its module.
 * @throws {Error} When the server has one of them no more, as after an update.
 */
export function fetchPageCode(page: string): Promise<void> {
  const text = document.getElementById('page-files')?.textContent;
  if (text == null) return Promise.resolve();
  const { files, pages } = JSON.parse(text) as PageFiles;
  return fetchPatiently(pages[page].map((file) => files[file]));
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
