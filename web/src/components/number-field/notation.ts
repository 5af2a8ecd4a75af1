/** How numbers are typed and shown in a field. */

export interface Reading {
  /** Null: the field is empty, or what was typed is no such number. */
  readonly number: number | null;
  /** Why it is none, for people; null when nothing is wrong. */
  readonly fault: string | null;
}

export interface Notation {
  read(typed: string): Reading;
  /** @returns A text that reads as the same number. */
  write(value: number): string;
}
