/** The tools that every caller has who may read the catalogue. */
import { z } from 'zod';

import {
  type Card,
  CARD_FIELDS,
  cardOf,
  externalId,
  first,
  type Links,
  LIST,
  nextOf,
  type Page,
  PAGE_FIELDS,
  type Tool,
  ToolError,
} from './tool';

const after = z.string().optional().describe('`next` of the page before.');

const FILTER = {
  categories: z.array(z.string()).optional().describe('It is in one of these categories.'),
  brands: z.array(z.string()).optional().describe('It is of one of these brands.'),
  minPrice: z.number().optional(),
  maxPrice: z.number().optional(),
};

export const SUBJECT = {
  user: z.string().optional().describe("The externalId of a user. Absent with a storefront token: the token's own."),
  history: z
    .array(z.string())
    .max(200)
    .optional()
    .describe('The externalIds of items looked at or bought, oldest first.'),
};

const searchCatalog: Tool<{ items: Page & { totalCount: number; nodes: readonly Card[] } }> = {
  name: 'search_catalog',
  description:
    'Searches the shop by words and conditions. Gives items with price, availability and link, the best first.',
  input: {
    query: z.string().optional().describe('Words that title, brand, categories or ID have. Absent: all items.'),
    ...FILTER,
    isAvailable: z.boolean().optional().describe('Whether it can be bought now.'),
    first,
    after,
  },
  output: LIST,
  document: `query SearchCatalog($query: String, $first: Int, $after: String, $filter: ItemFilter) {
    items(search: $query, first: $first, after: $after, filter: $filter) { totalCount nodes { ...Card } ${PAGE_FIELDS} }
  } ${CARD_FIELDS}`,
  variables: ({ query, first, after, ...filter }) => ({ query, first, after, filter }),
  result: ({ items }, links) => ({
    totalCount: items.totalCount,
    items: items.nodes.map((item) => cardOf(item, links)),
    ...nextOf(items),
  }),
};

interface List {
  readonly reason: string;
  readonly nodes: readonly { readonly item: Card }[];
}

const listResult = ({ reason, nodes }: List, links: Links) => ({
  reason,
  items: nodes.map(({ item }) => cardOf(item, links)),
});

const placement = z.string().optional().describe('Where the list is shown, such as home/top: its rules hold then.');

const recommend: Tool<{ recommendations: List & Page & { listId: string | null } }> = {
  name: 'recommend',
  description:
    'Items that a user, or somebody with this history, is likely to want next, best first. Without both: trending items.',
  input: { ...SUBJECT, placement, ...FILTER, first, after },
  output: LIST,
  document: `query Recommend(
    $user: String, $history: [String!], $placement: String, $first: Int, $after: String, $filter: ItemFilter
  ) {
    recommendations(
      user: $user, history: $history, placement: $placement, first: $first, after: $after, options: { filter: $filter }
    ) { reason listId nodes { item { ...Card } } ${PAGE_FIELDS} }
  } ${CARD_FIELDS}`,
  variables: ({ user, history, placement, first, after, ...filter }, { userExternalId }) => ({
    user: user ?? userExternalId,
    history,
    placement,
    first,
    after,
    filter,
  }),
  result: ({ recommendations: list }, links) => ({
    listId: list.listId,
    ...listResult(list, links),
    ...nextOf(list),
  }),
};

const goesWith: Tool<{ item: { readonly recommendations: List } | null }> = {
  name: 'goes_with',
  description: 'Items that people take after or together with an item, best first.',
  input: { item: externalId, first },
  output: LIST,
  document: `query GoesWith($item: String!, $first: Int) {
    item(externalId: $item) { recommendations(first: $first) { reason nodes { item { ...Card } } } }
  } ${CARD_FIELDS}`,
  result: ({ item }, links) => listResult(known(item).recommendations, links),
};

const similar: Tool<{ item: { readonly similarItems: { readonly nodes: readonly Card[] } } | null }> = {
  name: 'similar',
  description: 'Items that are most like an item, such as others in its place, best first.',
  input: { item: externalId, first },
  output: LIST,
  document: `query Similar($item: String!, $first: Int) {
    item(externalId: $item) { similarItems(first: $first) { nodes { ...Card } } }
  } ${CARD_FIELDS}`,
  result: ({ item }, links) => ({ items: known(item).similarItems.nodes.map((each) => cardOf(each, links)) }),
};

interface Explained {
  readonly item: Card;
  readonly source: string;
  readonly score: number;
  readonly because: readonly { readonly item: Card }[] | null;
}

const explain: Tool<{ recommendations: { readonly reason: string; readonly nodes: readonly Explained[] } }> = {
  name: 'explain',
  description:
    'Why an item is recommended to a user, or after a history: how likely it is, and the items that count for it.',
  input: { item: externalId, ...SUBJECT },
  document: `query Explain($user: String, $history: [String!], $filter: ItemFilter!) {
    recommendations(user: $user, history: $history, first: 1, options: { filter: $filter }) {
      reason
      nodes { item { ...Card } source score because { kind at drop item { ...Card } } }
    }
  } ${CARD_FIELDS}`,
  variables: ({ user, history, item }, { userExternalId }) => ({
    user: user ?? userExternalId,
    history,
    filter: { externalIds: [item] },
  }),
  result({ recommendations: { reason, nodes } }, links) {
    if (nodes.length === 0)
      throw new ToolError(`item: expected one that can be recommended to this user, got ${reason}`);
    const [{ item, because, score, source }] = nodes;
    const causes = (because ?? []).map((cause) => ({ ...cause, item: cardOf(cause.item, links) }));
    return { reason, source, probability: Math.exp(score), item: cardOf(item, links), because: causes };
  },
};

function known<T>(item: T | null): T {
  if (item === null)
    throw new ToolError('item: expected the externalId of an item, got another; search_catalog finds items');
  return item;
}

export const SHOPPER_TOOLS: readonly Tool[] = [searchCatalog, recommend, goesWith, similar, explain];
