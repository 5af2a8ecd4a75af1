/** Joins items with their vectors, and keeps the ids of all items, so that histories can be checked against them. */
import { attributesErrors } from '../catalogue/field-checks';
import { DatasetError, type DatasetItem } from './dataset';
import type { VectorFile } from './vectors';

interface ReadItem {
  readonly item: Omit<DatasetItem, 'vector'>;
  readonly line: number;
  /** Absent: it has one when the dataset has vectors. */
  readonly hasVector?: boolean;
}

export class RegisteredItems {
  private readonly ids = new Set<string>();
  private withVector = 0;

  constructor(
    private readonly file: string,
    private readonly vectors: VectorFile | null,
  ) {}

  /**
   * Yields the items, each with its vector.
   *
   * @throws {DatasetError} When an id occurs twice, when attributes are too long, or when the number of vectors is not the number of items that have one.
   */
  async *register(items: AsyncIterable<ReadItem>): AsyncGenerator<DatasetItem> {
    const vectors = this.vectors?.read() ?? null;
    this.ids.clear();
    this.withVector = 0;
    try {
      for await (const { item, line, hasVector = true } of items) {
        if (this.ids.has(item.externalId)) {
          throw new DatasetError(
            this.file,
            line,
            `id ${item.externalId}: expected one item with this id, got a second one`,
          );
        }
        const [tooLong] = attributesErrors(item.attributes, 0);
        if (tooLong) throw new DatasetError(this.file, line, tooLong.message);
        this.ids.add(item.externalId);
        if (hasVector) this.withVector++;
        yield { ...item, vector: vectors && hasVector ? await this.nextVector(vectors, line) : null };
      }
    } finally {
      await vectors?.return(undefined);
    }
    this.checkCount();
  }

  /** @throws {DatasetError} When no item has this id. */
  check(id: string, file: string, line: number): void {
    if (!this.ids.has(id))
      throw new DatasetError(file, line, `item ${id}: expected an item of ${this.file}, got an unknown id`);
  }

  private async nextVector(vectors: AsyncGenerator<Float32Array>, line: number): Promise<Float32Array> {
    const { value, done } = await vectors.next();
    if (done)
      throw new DatasetError(this.file, line, `expected ${this.vectors?.rows} items, as many as vectors, got more`);
    return value;
  }

  private checkCount(): void {
    const { vectors, ids, withVector } = this;
    if (ids.size === 0) throw new DatasetError(this.file, null, 'expected at least one item, got none');
    if (vectors !== null && vectors.rows !== withVector) {
      throw new DatasetError(this.file, null, `expected ${vectors.rows} items, as many as vectors, got ${withVector}`);
    }
  }
}
