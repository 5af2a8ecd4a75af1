/** Counts by key. */
export class Counts {
  private readonly counts = new Map<string, number>();

  /** Keys whose count is not 0. */
  get keys(): readonly string[] {
    return [...this.counts.keys()];
  }

  get size(): number {
    return this.counts.size;
  }

  of(key: string): number {
    return this.counts.get(key) ?? 0;
  }

  /** @param by - May be negative. A key whose count comes to 0 is forgotten. */
  add(key: string, by: number): void {
    const count = this.of(key) + by;
    if (count === 0) this.counts.delete(key);
    else this.counts.set(key, count);
  }
}
