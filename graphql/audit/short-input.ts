/** The input of a mutation as the audit log keeps it: short, and without secrets. */

const MAX_CHARACTERS = 500;
const MAX_TEXT = 60;
/** Lists of plain values show this many; of lists of objects only the length is kept. */
const MAX_SHOWN = 5;
/** No input has such a field today. The check stands for those that come. */
const SECRET = /secret|password|token$/i;
/** Of users only the number is kept: the log would go on naming those who were erased. */
const USERS = /^userExternalIds?$/;

/** @returns JSON, cut at 500 characters. */
export function shortInput(input: unknown): string {
  const text = JSON.stringify(shortened(input)) ?? '';
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
}

function shortened(value: unknown): unknown {
  if (typeof value === 'string') return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (Array.isArray(value)) return shortList(value);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(entries.map(([name, one]) => [name, fieldOf(name, one)]));
}

function fieldOf(name: string, value: unknown): unknown {
  if (SECRET.test(name)) return '***';
  return USERS.test(name) ? numberOf([value].flat()) : shortened(value);
}

function shortList(values: readonly unknown[]): unknown {
  if (values.length > MAX_SHOWN || values.some((value) => typeof value === 'object')) return numberOf(values);
  return values.map(shortened);
}

function numberOf(values: readonly unknown[]): string {
  return `${values.length} entries`;
}
