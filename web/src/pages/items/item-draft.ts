/** An item as a form holds it: text for everything that is typed. */
import type { Problem } from '../../components/change/use-change';
import type { ItemDetailQuery, ItemPatch, NewItem } from '../../graphql/graphql';

export interface ItemDraft {
  readonly externalId: string;
  readonly title: string;
  readonly description: string;
  readonly brand: string;
  readonly categories: readonly string[];
  readonly price: number | null;
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
  price: null,
  attributes: '',
};

type Item = NonNullable<ItemDetailQuery['item']>;

export function draftOf(item: Item): ItemDraft {
  return {
    externalId: item.externalId,
    title: item.title,
    description: item.description ?? '',
    brand: item.brand ?? '',
    categories: item.categories,
    price: item.price ?? null,
    attributes: item.attributes == null ? '' : JSON.stringify(item.attributes, null, 2),
  };
}

/** @returns What is wrong before anything is sent; no entries when nothing is. */
export function draftErrors({ externalId, title, attributes }: ItemDraft): DraftErrors {
  return {
    ...(externalId.trim() === '' && { externalId: 'An item needs an ID.' }),
    ...(title.trim() === '' && { title: 'An item needs a title.' }),
    ...(!isJson(attributes) && { attributes: 'This is not JSON.' }),
  };
}

export function newItemOf(draft: ItemDraft): NewItem {
  return { externalId: draft.externalId.trim(), title: draft.title.trim(), ...optionalFields(draft) };
}

export function patchOf(itemId: string, draft: ItemDraft): ItemPatch {
  return { itemId, title: draft.title.trim(), ...optionalFields(draft) };
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
    price,
    attributes: attributes.trim() === '' ? null : (JSON.parse(attributes) as unknown),
  };
}

function textOrNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}

function isJson(text: string): boolean {
  if (text.trim() === '') return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
