/** The console as it was built. A build may end while the server runs: then its page is there for the next request. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../paths';

/** A build touches its lock each second: see src/setup/alone.mjs. */
const LOCK_STALE_MS = 5_000;

export class BuiltConsole {
  /** The page's HTML; null when there is none yet. */
  readonly html: () => string | null;
  private readonly documents: () => Readonly<Record<string, string>> | null;

  constructor(private readonly dist = join(PACKAGE_ROOT, 'dist')) {
    this.html = readOnce(join(this.folder, 'index.html'), (text) => text);
    this.documents = readOnce(join(this.folder, 'documents.json'), (text) => JSON.parse(text));
  }

  get folder(): string {
    return join(this.dist, 'web');
  }

  get assets(): string {
    return join(this.folder, 'assets');
  }

  /** @returns The document of the console with this SHA-256; undefined when the console sends no such document. */
  document(sha256: string): string | undefined {
    const documents = this.documents();
    return documents !== null && Object.hasOwn(documents, sha256) ? documents[sha256] : undefined;
  }

  isBeingBuilt(): boolean {
    const touched = mtimeOf(join(this.dist, '.console.lock'));
    return touched !== null && Math.abs(Date.now() - touched) < LOCK_STALE_MS;
  }

  /** @param name - Of an asset, without folders. */
  has(name: string): boolean {
    return mtimeOf(join(this.assets, name)) !== null;
  }
}

/** @returns A reader of the file as it is now, which reads it again only when it is another; null while there is none. */
function readOnce<Content>(path: string, parse: (text: string) => Content): () => Content | null {
  let read: { readonly content: Content; readonly mtimeMs: number } | null = null;
  return () => {
    const mtimeMs = mtimeOf(path);
    if (mtimeMs === null) return null;
    if (read?.mtimeMs !== mtimeMs) read = { content: parse(readFileSync(path, 'utf8')), mtimeMs };
    return read.content;
  };
}

function mtimeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
}
