/** Joins items with their vectors, and keeps the ids of all items, so that histories can be checked against them. */
import { hasCome, isLongerThan } from '../../graphql/common/bounds';
import { MAX_CATEGORIES, MAX_NAME, MAX_TITLE } from '../../graphql/common/limits';
import type { ItemFields } from '../../graphql/item/fields';
import { attributesErrors, datesFault } from '../catalogue/item-checks';
import { missingVectorsFault } from '../semantic-ids/items-to-encode';
import { OPTIONAL_FIELDS } from '../storage/item-columns';
import { checkId } from './check-rows';
import { DatasetError, type DatasetItem, type DatasetSequence, type DatasetSource, type ReadOptions } from './dataset';
import { DistinctTexts } from './distinct-texts';
import type { VectorFile } from './vectors';

interface ReadItem {
  readonly item: Omit<DatasetItem, 'vector'>;
  readonly line: number;
  /** Absent: it has one when the dataset has vectors. */
  readonly hasVector?: boolean;
}

interface Unknown {
  readonly count: number;
  readonly first: { readonly id: string; readonly file: string; readonly line: number } | null;
}

const NONE_UNKNOWN: Unknown = { count: 0, first: null };

/** Counts of one reading of the items. */
class ItemsRead {
  readonly ids = new DistinctTexts();
  /** Encoders of the vectors. */
  readonly encoders = new Set<string>();
  withVector = 0;
  firstMissing: { readonly id: string; readonly line: number } | null = null;
  cut = 0;
}

export class RegisteredItems {
  private read = new ItemsRead();
  private unknown = NONE_UNKNOWN;

  constructor(
    private readonly file: string,
    private readonly vectors: VectorFile | null,
    private readonly options: ReadOptions = {},
  ) {}

  /** @returns A folder as a source; each call of `items` and `sequences` reads its files anew. */
  sourceOf(
    dir: string,
    { items, sequences }: { items(): AsyncIterable<ReadItem>; sequences(): AsyncIterable<DatasetSequence> },
  ): DatasetSource {
    return {
      dir,
      vectors: this.vectors,
      skipped: () => this.unknown.count,
      cut: () => this.read.cut,
      items: () => this.register(items()),
      sequences: () => this.histories(sequences()),
    };
  }

  /**
   * Yields the items, each with its vector. Texts are cut to the lengths that the API takes.
   *
   * @throws {DatasetError} When an id occurs twice, is blank or too long, when attributes are too long, when the number of vectors is not
   *   the number of items that have one, or when items have no vector beside others whose encoder is not the built-in one.
   */
  async *register(items: AsyncIterable<ReadItem>): AsyncGenerator<DatasetItem> {
    const vectors = this.vectors?.read() ?? null;
    this.read = new ItemsRead();
    try {
      for await (const { item, line, hasVector = true } of items) {
        this.options.signal?.throwIfAborted();
        this.addId(item.externalId, line);
        this.count(item, line, hasVector);
        yield { ...this.fit(item, line), vector: vectors && hasVector ? await this.nextVector(vectors, line) : null };
      }
    } finally {
      await vectors?.return(undefined);
    }
    this.checkCount();
    this.checkMissing();
  }

  /**
   * Passes the histories on whose items are asked for with `has`.
   *
   * @throws {DatasetError} At the end, when events have unknown items and they are not to be skipped.
   */
  async *histories(sequences: AsyncIterable<DatasetSequence>): AsyncGenerator<DatasetSequence> {
    this.unknown = NONE_UNKNOWN;
    for await (const sequence of sequences) if (sequence.itemExternalIds.length > 0) yield sequence;
    const { count, first } = this.unknown;
    if (first === null || this.options.skipUnknownItems) return;
    const all = count === 1 ? '' : `; ${count} events have such items`;
    const reason = `item ${first.id}: expected an item of ${this.file}, got an unknown id${all}; --skip-unknown-items leaves them out`;
    throw new DatasetError(first.file, first.line, reason);
  }

  /** @returns Whether an item has this id; an event of another item counts as unknown. */
  has(id: string, file: string, line: number): boolean {
    this.options.signal?.throwIfAborted();
    if (this.read.ids.has(id)) return true;
    const { count, first } = this.unknown;
    this.unknown = { count: count + 1, first: first ?? { id, file, line } };
    return false;
  }

  /** @throws {DatasetError} When the API would refuse an event of this time, in milliseconds since 1970. */
  checkTime(file: string, line: number, name: string, timeMs: number): void {
    if (hasCome(timeMs)) return;
    const got = new Date(timeMs).toISOString();
    throw new DatasetError(file, line, `${name}: expected a time that has come, got ${got}`);
  }

  private addId(id: string, line: number): void {
    if (this.read.ids.has(id))
      throw new DatasetError(this.file, line, `id ${id}: expected one item with this id, got a second one`);
    checkId(this.file, line, 'id', id);
    this.read.ids.add(id);
  }

  private fit(item: ReadItem['item'], line: number): ReadItem['item'] {
    const [tooLong] = attributesErrors(item.attributes, 0);
    const fault = tooLong?.message ?? datesFault(item);
    if (fault !== null) throw new DatasetError(this.file, line, fault);
    const fitted = fitItem(item);
    if (fitted.isCut) this.read.cut++;
    return fitted.item;
  }

  private async nextVector(vectors: AsyncGenerator<Float32Array>, line: number): Promise<Float32Array> {
    const { value, done } = await vectors.next();
    if (done)
      throw new DatasetError(this.file, line, `expected ${this.vectors?.rows} items, as many as vectors, got more`);
    return value;
  }

  private count({ externalId, encoder }: ReadItem['item'], line: number, hasVector: boolean): void {
    if (this.vectors === null) return;
    if (hasVector) {
      this.read.withVector++;
      this.read.encoders.add(encoder ?? this.vectors.encoder);
    } else this.read.firstMissing ??= { id: externalId, line };
  }

  private checkMissing(): void {
    const { vectors } = this;
    const { ids, withVector, firstMissing, encoders } = this.read;
    if (vectors === null || firstMissing === null) return;
    const counts = { items: ids.count, missing: ids.count - withVector, firstMissing: firstMissing.id };
    const fault = missingVectorsFault({ ...counts, dims: vectors.dims, encoders });
    if (fault !== null) throw new DatasetError(this.file, firstMissing.line, fault);
  }

  private checkCount(): void {
    const { vectors } = this;
    const { ids, withVector } = this.read;
    if (ids.count === 0) throw new DatasetError(this.file, null, 'expected at least one item, got none');
    if (vectors !== null && vectors.rows !== withVector) {
      throw new DatasetError(this.file, null, `expected ${vectors.rows} items, as many as vectors, got ${withVector}`);
    }
  }
}

const TEXTS = OPTIONAL_FIELDS.filter(({ type, rule }) => type === 'TEXT' && rule === undefined);

type Texts = Pick<DatasetItem, 'title' | 'categories' | keyof ItemFields>;

export interface FittedItem<T> {
  readonly item: T;
  /** Whether a text was too long, or there were too many categories. */
  readonly isCut: boolean;
}

/** Categories keep their first names, those near the root. Empty names say nothing, so that leaving them out is no cut. */
export function fitItem<T extends Texts>(item: T): FittedItem<T> {
  const named = item.categories?.filter((name) => name !== '');
  const texts = {
    title: cut(item.title, MAX_TITLE),
    ...(named && { categories: named.slice(0, MAX_CATEGORIES).map((name) => cut(name, MAX_NAME)) }),
    ...Object.fromEntries(
      TEXTS.filter(({ name }) => item[name] !== undefined).map(({ name, max }) => [
        name,
        cut(textOf(item[name]), max) || null,
      ]),
    ),
  };
  const isCut = lengthOf(texts) < lengthOf({ ...item, categories: named });
  return { item: { ...item, ...texts }, isCut };
}

function cut(text: string, longest = Infinity): string {
  return isLongerThan(text, longest) ? [...text].slice(0, longest).join('') : text;
}

function lengthOf({ title, categories = [], ...fields }: Texts): number {
  const texts = [title, ...categories, ...TEXTS.map(({ name }) => textOf(fields[name]))];
  return texts.reduce((sum, text) => sum + text.length, 0);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
