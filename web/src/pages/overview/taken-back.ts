interface Change {
  readonly version: number;
  /** The change that it took back. */
  readonly undoes?: number | null;
}

/** @param changes - Newest first. @returns Which of them are taken back. An undo that is taken back itself takes nothing back. */
export function takenBack(changes: readonly Change[]): ReadonlySet<number> {
  const taken = new Set<number>();
  for (const { version, undoes } of changes) if (undoes != null && !taken.has(version)) taken.add(undoes);
  return taken;
}
