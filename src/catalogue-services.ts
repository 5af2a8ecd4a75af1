/** What the catalogue's writes work with. */
import type { ChangeLog } from './change-log';
import type { Database } from './database';
import type { Popularity } from './popularity';
import type { CodeAssigner } from './text-encoder';

export interface TextFields {
  readonly title: string;
  readonly brand: string | null;
  readonly categories: readonly string[];
}

export interface CatalogueServices {
  readonly database: Database;
  readonly log: ChangeLog;
  readonly popularity: Popularity;
  readonly assigner: CodeAssigner;
  /** The text of an item that the sentence encoder reads. */
  readonly itemText: (item: TextFields) => string;
}
