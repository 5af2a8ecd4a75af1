/** An item as a form holds it: text for everything that is typed. */
import type { Problem } from '../../components/change/use-change';
import { readPrice, writePrice } from '../../components/number-field/notation';
import type { ItemDetailQuery, ItemPatch, NewItem } from '../../graphql/graphql';
import { isExact } from './exact-numbers';

export interface ItemDraft {
  readonly externalId: string;
  readonly title: string;
  readonly description: string;
  readonly brand: string;
  readonly categories: readonly string[];
  readonly price: string;
  /** JSON. */
  readonly attributes: string;
}

export type DraftErrors = Partial<Record<keyof ItemDraft, string>>;

export const EMPTY_DRAFT: ItemDraft = {
  externalId: '',
  title: '',
  description: '',
  brand: '',
  categories: [],
  price: '',
  attributes: '',
};

export function isSameDraft(one: ItemDraft, other: ItemDraft): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

type Item = NonNullable<ItemDetailQuery['item']>;

export function draftOf(item: Item): ItemDraft {
  return {
    externalId: item.externalId,
    title: item.title,
    description: item.description ?? '',
    brand: item.brand ?? '',
    categories: item.categories,
    price: item.price == null ? '' : writePrice(item.price),
    attributes: item.attributes == null ? '' : JSON.stringify(item.attributes, null, 2),
  };
}

/**
 * @param before - The item as it is: what did not change is not looked at. Absent: it is a new one.
 * @returns What is wrong before anything is sent; no entries when nothing is.
 */
export function draftErrors({ externalId, title, price, attributes }: ItemDraft, before?: ItemDraft): DraftErrors {
  const priceFault = price === before?.price ? null : readPrice(price).fault;
  const attributesFault = attributes === before?.attributes ? null : jsonFault(attributes);
  return {
    ...(externalId.trim() === '' && { externalId: 'An item needs an ID.' }),
    ...(title.trim() === '' && title !== before?.title && { title: 'An item needs a title.' }),
    ...(priceFault !== null && { price: priceFault }),
    ...(attributesFault !== null && { attributes: attributesFault }),
  };
}

export function newItemOf(draft: ItemDraft): NewItem {
  return { externalId: draft.externalId.trim(), title: draft.title.trim(), ...optionalFields(draft) };
}

/** @returns The fields that differ from the item alone: others may have been changed by somebody since, or hold more than a form can. */
export function patchOf(itemId: string, before: ItemDraft, draft: ItemDraft): ItemPatch {
  const fields = { title: draft.title.trim(), ...optionalFields(draft) };
  const names = Object.keys(fields) as (keyof typeof fields)[];
  const changed = names.filter((name) => JSON.stringify(draft[name]) !== JSON.stringify(before[name]));
  return { itemId, ...Object.fromEntries(changed.map((name) => [name, fields[name]])) };
}

/**
 * @param before - The item as it was when the form was opened.
 * @param present - As it is now.
 * @returns The fields that somebody else has changed since and that `draft` would overwrite.
 */
export function overwrittenFields(
  before: ItemDraft,
  draft: ItemDraft,
  present: ItemDraft,
): readonly (keyof ItemDraft)[] {
  const isSame = (name: keyof ItemDraft, one: ItemDraft, other: ItemDraft) =>
    JSON.stringify(one[name]) === JSON.stringify(other[name]);
  const names = Object.keys(before) as (keyof ItemDraft)[];
  return names.filter(
    (name) => !isSame(name, before, draft) && !isSame(name, before, present) && !isSame(name, draft, present),
  );
}

/** The server names fields by a path such as `["items", "0", "title"]`. @returns Problems of the form's fields, and all others. */
export function sortProblems(problems: readonly Problem[]): { errors: DraftErrors; others: readonly Problem[] } {
  const nameOf = ({ field }: Problem) => field?.find((part): part is keyof ItemDraft => part in EMPTY_DRAFT);
  const errors = Object.fromEntries(
    problems.flatMap((problem) => {
      const name = nameOf(problem);
      return name === undefined ? [] : [[name, problem.message]];
    }),
  );
  return { errors, others: problems.filter((problem) => nameOf(problem) === undefined) };
}

function optionalFields({ description, brand, categories, price, attributes }: ItemDraft) {
  return {
    description: textOrNull(description),
    brand: textOrNull(brand),
    categories: [...categories],
    price: readPrice(price).number,
    attributes: jsonOrNull(attributes),
  };
}

function jsonOrNull(text: string): unknown {
  return text.trim() === '' ? null : (JSON.parse(text) as unknown);
}

function textOrNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}

function jsonFault(text: string): string | null {
  if (text.trim() === '') return null;
  try {
    const value = JSON.parse(text) as unknown;
    return isExact(value) ? null : 'It has a number with too many digits for a browser. Write it in quotation marks.';
  } catch {
    return 'This is not JSON.';
  }
}
