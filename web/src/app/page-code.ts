/**
 * Fetches the code of a page before it is imported. Browsers remember for as long as the tab lives that a module could not be loaded, and
 * ask for it no more: no import may fail because the server is away.
 */
import { fetchPatiently } from './patient-fetch';

/** As the build has written it into the page; a server of development has no such files. */
interface PageFiles {
  readonly files: readonly string[];
  /** By page: which of the files it needs. */
  readonly pages: Readonly<Record<string, readonly number[]>>;
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
