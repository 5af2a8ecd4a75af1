/** An item as a form holds it: text for everything that is typed. */
import type { Problem } from '../../components/change/use-change';
import { readPrice, writePrice } from '../../components/number-field/notation';
import type { ItemDetailQuery, ItemPatch, NewItem } from '../../graphql/graphql';
import { type FieldName, type FieldOfKind, FIELDS, ITEM_FIELDS } from './fields';

/** Several texts are a list; JSON and numbers are text. */
export type ItemDraft = {
  readonly [Name in FieldName]: Name extends FieldOfKind<'texts'> ? readonly string[] : string;
};

export type DraftErrors = Partial<Record<FieldName, string>>;

function draftFrom(valueOf: (name: FieldName) => unknown): ItemDraft {
  const entries = FIELDS.map(([name, { kind }]) => [name, FORMS[kind].write(valueOf(name) as never)]);
  return Object.fromEntries(entries) as ItemDraft;
}

export function isSameDraft(one: ItemDraft, other: ItemDraft): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

type Item = NonNullable<ItemDetailQuery['item']>;

export function draftOf(item: Item): ItemDraft {
  const values: Record<FieldName, unknown> = item;
  return draftFrom((name) => values[name]);
}

/**
 * @param before - The item as it is: what did not change is not looked at. Absent: it is a new one.
 * @returns What is wrong before anything is sent; no entries when nothing is.
 */
export function draftErrors(draft: ItemDraft, before?: ItemDraft): DraftErrors {
  const faults = FIELDS.filter(([name]) => draft[name] !== before?.[name]).map(([name]) => [
    name,
    faultOf(name, draft),
  ]);
  return Object.fromEntries(faults.filter(([, fault]) => fault !== null)) as DraftErrors;
}

function faultOf(name: FieldName, draft: ItemDraft): string | null {
  if (name === 'externalId' && draft.externalId.trim() === '') return 'An item needs an ID.';
  if (name === 'title' && draft.title.trim() === '') return 'An item needs a title.';
  return FORMS[ITEM_FIELDS[name].kind].fault(draft[name] as never);
}

/** @returns The fields that differ from the item alone: others may have been changed by somebody since, or hold more than a form can. */
export function patchOf(itemId: string, before: ItemDraft, draft: ItemDraft): ItemPatch {
  const fields = newItemOf(draft);
  const names = FIELDS.map(([name]) => name).filter((name) => name !== 'externalId');
  const changed = names.filter((name) => JSON.stringify(draft[name]) !== JSON.stringify(before[name]));
  return { item: { id: itemId }, ...Object.fromEntries(changed.map((name) => [name, fields[name]])) };
}

/** The server names fields by a path such as `["items", "0", "title"]`. @returns Problems of the form's fields, and all others. */
export function sortProblems(problems: readonly Problem[]): { errors: DraftErrors; others: readonly Problem[] } {
  const nameOf = ({ field }: Problem) => field?.find((part): part is FieldName => part in ITEM_FIELDS);
  const errors = Object.fromEntries(
    problems.flatMap((problem) => {
      const name = nameOf(problem);
      return name === undefined ? [] : [[name, problem.message]];
    }),
  );
  return { errors, others: problems.filter((problem) => nameOf(problem) === undefined) };
}

export function newItemOf(draft: ItemDraft): NewItem {
  const entries = FIELDS.map(([name, { kind }]) => [name, FORMS[kind].read(draft[name] as never)]);
  return Object.fromEntries(entries) as NewItem;
}

interface Form<Typed, Value> {
  readonly write: (value: Value | null | undefined) => Typed;
  readonly read: (typed: Typed) => Value | null;
  /** @returns Why it cannot be read; null when it can. */
  readonly fault: (typed: Typed) => string | null;
}

const TEXT: Form<string, string> = {
  write: (value) => value ?? '',
  read: (typed) => (typed.trim() === '' ? null : typed.trim()),
  fault: () => null,
};

const FORMS = {
  text: TEXT,
  longText: TEXT,
  address: TEXT,
  picture: TEXT,
  availability: { ...TEXT, write: (value) => value ?? 'IN_STOCK' } satisfies Form<string, string>,
  time: {
    write: (value) => (value == null ? '' : localMinute(new Date(value))),
    read: (typed) => (typed === '' ? null : new Date(typed).toISOString()),
    fault: (typed) => (typed === '' || !Number.isNaN(Date.parse(typed)) ? null : 'This is not a date and time.'),
  } satisfies Form<string, string>,
  texts: {
    write: (value) => value ?? [],
    read: (typed) => [...typed],
    fault: () => null,
  } satisfies Form<readonly string[], readonly string[]>,
  price: {
    write: (value) => (value == null ? '' : writePrice(value)),
    read: (typed) => readPrice(typed).number,
    fault: (typed) => readPrice(typed).fault,
  } satisfies Form<string, number>,
  json: {
    write: (value) => (value == null ? '' : JSON.stringify(value, null, 2)),
    read: (typed) => (typed.trim() === '' ? null : (JSON.parse(typed) as unknown)),
    fault: jsonFault,
  } satisfies Form<string, unknown>,
};

/** @returns A time as an input of dates and times has it, such as `2026-12-01T08:30`, where the reader lives. */
function localMinute(time: Date): string {
  const local = new Date(time.getTime() - 60_000 * time.getTimezoneOffset());
  return local.toISOString().slice(0, 'YYYY-MM-DDTHH:mm'.length);
}

function jsonFault(text: string): string | null {
  if (text.trim() === '') return null;
  try {
    JSON.parse(text);
    return null;
  } catch {
    return 'This is not JSON.';
  }
}

export const EMPTY_DRAFT = draftFrom(() => null);
