/** The console as it was built. A build may end while the server runs: then its page is there for the next request. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../paths';

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

  /** A build touches its lock again and again. The lock says for how many milliseconds it holds: see src/setup/alone.mjs. */
  isBeingBuilt(): boolean {
    const lock = join(this.dist, '.console.lock');
    const [holdsMs, touched] = [readIfThere(lock), mtimeOf(lock)];
    return holdsMs !== null && touched !== null && Math.abs(Date.now() - touched) < Number(holdsMs);
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
    if (read?.mtimeMs === mtimeMs) return read.content;
    const text = readIfThere(path);
    read = text === null ? null : { content: parse(text), mtimeMs };
    return read?.content ?? null;
  };
}

/** A build may take a file away at any moment. */
function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function mtimeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
}
