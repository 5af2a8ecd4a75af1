/** The size of an answer, before it becomes text: a text that is too long would fill the memory before anyone could measure it. */

/** Braces, quotes and commas of a field. */
const SIGNS = 4;
const NUMBER_BYTES = 8;

/** @returns Whether the answer's text would have about `maxBytes` or fewer; stops counting there. */
export function isWithin(maxBytes: number, answer: unknown): boolean {
  const todo: unknown[] = [answer];
  let bytes = 0;
  while (todo.length > 0 && bytes <= maxBytes) {
    const value = todo.pop();
    if (typeof value === 'string') bytes += value.length + SIGNS;
    else if (typeof value !== 'object' || value === null || value instanceof Date) bytes += NUMBER_BYTES;
    else if (Array.isArray(value)) for (const entry of value) todo.push(entry);
    else {
      for (const name in value) {
        bytes += name.length + SIGNS;
        todo.push((value as Readonly<Record<string, unknown>>)[name]);
      }
    }
  }
  return bytes <= maxBytes;
}
