/** The console as it was built. A build may end while the server runs: then its page is there for the next request. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../paths';

/** A build touches its lock each second: see src/setup/alone.mjs. */
const LOCK_STALE_MS = 5_000;

export class BuiltConsole {
  private read: { readonly html: string; readonly mtimeMs: number } | null = null;

  constructor(private readonly dist = join(PACKAGE_ROOT, 'dist')) {}

  get folder(): string {
    return join(this.dist, 'web');
  }

  get assets(): string {
    return join(this.folder, 'assets');
  }

  /** @returns The page's HTML; null when there is none yet. */
  html(): string | null {
    const path = join(this.folder, 'index.html');
    const mtimeMs = mtimeOf(path);
    if (mtimeMs === null) return null;
    if (this.read?.mtimeMs !== mtimeMs) this.read = { html: readFileSync(path, 'utf8'), mtimeMs };
    return this.read.html;
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

function mtimeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
}
