/** Changes of the catalogue, as far as this page has heard of them. */

const listeners = new Set<() => void>();
let count = 0;
let activations = 0;
/** The version of the catalogue since the last of them. */
let activatedAt = 0;
/** The newest version of the catalogue that this page has heard of; null before it has heard of any. */
let newest: number | null = null;

export const catalogueChanges = {
  /** How many there were since the page was opened. */
  count: (): number => count,
  /** How often another model version may have become active since the page was opened. */
  activations: (): number => activations,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

export function newestVersion(): number | null {
  return newest;
}

/** Every query from now on sees the changes up to this version. */
export function beginAt(version: number): void {
  newest = version;
  activatedAt = version;
}

/** This page has changed the catalogue. @param version - That of the catalogue since then: its news, which comes too, counts no more. */
export function noteOwnChange(version: number | null = null): void {
  if (version !== null) newest = Math.max(newest ?? 0, version);
  count += 1;
  for (const listener of listeners) listener();
}

/** Somebody has changed the catalogue. @param version - That of the catalogue since then. */
export function noteChange(version: number): void {
  if (version > (newest ?? 0)) noteOwnChange(version);
}

/**
 * Another model version may make the lists.
 *
 * @param version - That of the catalogue since then. It may be older than the newest: a later change of this page may be known before.
 */
export function noteActivation(version: number): void {
  if (version <= activatedAt) return;
  activatedAt = version;
  activations += 1;
  for (const listener of listeners) listener();
}
