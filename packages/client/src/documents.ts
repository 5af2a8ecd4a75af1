/* eslint-disable */
// Made by generate-documents.mjs.
/** The text of an operation, which carries the types of its answer and variables. */
export type TypedDocument<Result, Variables> = string & { readonly __types?: (variables: Variables) => Result };
type Exact<T> = T;

export type AttributeCondition = {
  /** It is this text, number or truth value. */
  equals?: unknown;
  /** Whether the item has it at all; null is no value. */
  exists?: boolean | null | undefined;
  /** It is one of these texts, numbers or truth values. */
  in?: Array<unknown> | null | undefined;
  /** It is a number, and this or less. */
  max?: number | null | undefined;
  /** It is a number, and this or more. */
  min?: number | null | undefined;
  /** The name of the attribute, as it stands in `attributes`; of an outermost one. */
  name: string;
};

/** Whether a shop has an item. */
export type Availability =
  /** It can be bought. */
  | 'IN_STOCK'
  /** It cannot be bought now; no list has it. */
  | 'OUT_OF_STOCK'
  /** It can be ordered, and comes later. */
  | 'PREORDER';

/** What became of an item of a list. */
export type FeedbackKind =
  /** The user put it into the cart. */
  | 'CART'
  /** The user opened it. */
  | 'CLICKED'
  /** The user does not want to see it again. No list of the user has it any more; undoDismissals takes that back. */
  | 'DISMISSED'
  /** The user bought it, played it, or read it to its end. */
  | 'PURCHASED'
  /** The user saw it. */
  | 'SHOWN';

/** A visitor, and the user who has logged in. */
export type IdentifyInput = {
  /** The user. One with an unknown external ID is created. */
  user: UserRef;
  /** The visitor, by the ID that the shop gave: the claim `vis` of the token. */
  visitor: string;
};

/** What a user did with an item. */
export type InteractionKind =
  /** The user put it into the cart. */
  | 'CART'
  /** The user likes it, or wants to remember it. */
  | 'LIKE'
  /** The user bought it. */
  | 'PURCHASE'
  /** The user rated it; `rating` says how. */
  | 'RATING'
  /** The user looked at it. */
  | 'VIEW';

/** Selects items. An item must meet every condition that is given. */
export type ItemFilter = {
  /** The item was added to the catalogue after this time. */
  addedAfter?: string | null | undefined;
  /** Its attributes meet all of these; 1–20. */
  attributes?: Array<AttributeCondition> | null | undefined;
  /** Its availability is one of these. */
  availability?: Array<Availability> | null | undefined;
  /** The item is of one of these brands. */
  brands?: Array<string> | null | undefined;
  /** The item is in one of these categories. */
  categories?: Array<string> | null | undefined;
  /** The item has none of these external IDs. */
  excludeExternalIds?: Array<string> | null | undefined;
  /** The item has one of these external IDs. */
  externalIds?: Array<string> | null | undefined;
  /** The item is of one of these groups. */
  groupIds?: Array<string> | null | undefined;
  /** Whether it can be bought now. Lists have no other items in any case. */
  isAvailable?: boolean | null | undefined;
  /** The price is this or less; items without a price do not match. */
  maxPrice?: number | null | undefined;
  /** The price is this or more; items without a price do not match. */
  minPrice?: number | null | undefined;
  /** The semantic ID begins with these codes. */
  semanticIdPrefix?: Array<number> | null | undefined;
};

/** In which order a list of items comes. Equal ones come oldest first. */
export type ItemOrder = {
  /** Which end comes first. */
  direction?: OrderDirection | null | undefined;
  /** What they are ordered by. */
  field: ItemOrderField;
};

/** What items are ordered by. */
export type ItemOrderField =
  /** When they came into the catalogue. */
  | 'ADDED'
  /** How many interactions were recorded with them. */
  | 'INTERACTIONS'
  /** Their prices; items without one come last, whatever the direction. */
  | 'PRICE'
  /** Their titles; upper and lower case are alike. */
  | 'TITLE';

/** Names an item: give one of the two. */
export type ItemRef =
  {   /** The ID that the shop itself uses. */
  externalId: string; id?: never; }
  |  { externalId?: never;   /** The global ID. */
  id: string | number; };

/** Why a list is what it is. */
export type ListReason =
  /** It is empty: the user has bought every item that qualifies, or taken it out of lists by an interaction of another such kind, and `includeSeen` was not asked for; or has dismissed the others, or was shown them since `excludeShownSince` or on the pages before. */
  | 'ALL_SEEN'
  /** It is empty: there are no items. */
  | 'EMPTY_CATALOGUE'
  /** It is empty: no item of the catalogue passes the filter. */
  | 'FILTER_ADMITS_NOTHING'
  /** A model made it. Where the model had too little to offer, trending and popular items follow. */
  | 'MODEL'
  /** It has the newest items: as POPULAR, but nobody did anything yet with what qualifies. */
  | 'NEWEST'
  /** It is empty: no model could make it, and the placement says that nothing fills it. */
  | 'NO_FALLBACK'
  /** It has the items that most users took on most days of all time: as TRENDING, but nothing that qualifies is trending. */
  | 'POPULAR'
  /** It has what users take now: there is no history with an item that the model knows, or no active model. Popular items may follow. */
  | 'TRENDING';

/** What became of one item of a list. */
export type NewFeedback = {
  /** The currency of `value`: a code of ISO 4217, such as EUR. */
  currency?: string | null | undefined;
  /** The caller's own ID of the event. An entry with the same list, item, kind and ID is recorded once; absent: each kind once for an item of a list. */
  eventId?: string | null | undefined;
  /** An item of the list. */
  item: ItemRef;
  /** What became of it. */
  kind: FeedbackKind;
  /** The `listId` of the list. It is valid for 30 days. */
  listId: string | number;
  /** Of a purchase: how many pieces; absent: 1. */
  quantity?: number | null | undefined;
  /** Of a purchase: what was paid for all pieces, in `currency`. Absent: no revenue. */
  value?: number | null | undefined;
};

/** Something that a user did with an item. */
export type NewInteraction = {
  /** The caller's own ID of the event. Events with the same ID are recorded once. */
  eventId?: string | null | undefined;
  /** The item. It must exist. */
  item: ItemRef;
  /** What the user did. */
  kind?: InteractionKind | null | undefined;
  /** When the user did it; absent: now. A time more than a day ahead is refused. */
  occurredAt?: string | null | undefined;
  /** How the user rated it, on whatever scale the shop has; of kind RATING alone. */
  rating?: number | null | undefined;
  /** The user. One with an unknown external ID is created. */
  user: UserRef;
};

/** Which end of a list comes first. */
export type OrderDirection =
  /** The least. */
  | 'ASC'
  /** The greatest. */
  | 'DESC';

/** How to recommend. */
export type RecommendationOptions = {
  /** Hypotheses kept at each level, 1–200; absent: 20. At least as many as the list is long. */
  beamWidth?: number | null | undefined;
  /** Share of the places, 0–1, kept for items that the model has not learned yet. */
  coldStartShare?: number | null | undefined;
  /** Leaves out what feedback says was shown since then: the newest 2,000 items. */
  excludeShownSince?: string | null | undefined;
  /** Which items may be recommended; applied inside the beam. */
  filter?: ItemFilter | null | undefined;
  /** Whether items may come again that the list leaves out because of what the user did, such as bought ones (see `interactionKinds`), and those of `history`; absent: where users mostly take such items, as the figure `targets.repeated` of the active version says (above 0.5). */
  includeSeen?: boolean | null | undefined;
  /** The same for items that are moved down. */
  less?: Array<Array<number>> | null | undefined;
  /** The global ID of a model version that makes the list; absent: the active one does. Needs a key of role ADMIN. A version that is not active is loaded first, which takes seconds, and knows only items that have codes of its tokenizer. */
  modelVersion?: string | number | null | undefined;
  /** Up to 10 prefixes of semantic IDs whose items are moved up: see `steerWeight`. */
  more?: Array<Array<number>> | null | undefined;
  /** Whether the list has at most one item of each group, such as a size of a shirt; absent: yes. */
  oncePerGroup?: boolean | null | undefined;
  /** For sampling: the same seed, model and catalogue give the same list; absent: any. */
  seed?: number | null | undefined;
  /** Up to five wishes in words, such as "outdoor, no glass": each moves up the prefixes that most of the items have whose texts are nearest to it, or down after "no", "not", "without" or "less". `steeredBy` says which prefixes these are. */
  steer?: string | null | undefined;
  /** How many times the probability of items that are moved up counts for their rank, and what it is divided by for those that are moved down; above 1, up to 1,000,000; absent: 5. Scores stay as they are. */
  steerWeight?: number | null | undefined;
  /** Absent or 0: beam search, deterministic. Up to 10: sampling, more diverse as it grows. */
  temperature?: number | null | undefined;
};

/** How a recommendation came about. */
export type RecommendationSource =
  /** It stands in a place kept for items that the model has not learned yet: only their semantic IDs and texts are known. */
  | 'COLD_START'
  /** Counts and texts, which no model learns, gave the largest part: what is bought near the items of the history, the items taken before, popular items and near texts. */
  | 'EVIDENCE'
  /** The decoder wrote its semantic ID, and gave the largest part of its probability. */
  | 'GENERATED'
  /** The item head, which knows the items of the training by vectors of their own, gave the largest part of its probability. */
  | 'ITEM_HEAD'
  /** It is among the most popular items or, where nobody did anything yet, the newest; no model is active, the history is empty or has no item with a semantic ID, or the model had too little to offer. */
  | 'POPULARITY'
  /** It is among the items that most users took in the last week, or the window asked for; otherwise as POPULARITY. */
  | 'TRENDING';

/** Feedback on lists. */
export type RecordFeedbackInput = {
  /** Whether one wrong entry refuses the whole call; false: the correct ones are recorded. */
  atomic?: boolean | null | undefined;
  /** 1–1,000 entries, of one list or of several. */
  feedback: Array<NewFeedback>;
};

/** Interactions to record. */
export type RecordInteractionsInput = {
  /** Whether one wrong entry refuses the whole call; false: the correct ones are recorded. */
  atomic?: boolean | null | undefined;
  /** 1–1,000 interactions. */
  interactions: Array<NewInteraction>;
};

/** Of what time trending items are. */
export type TrendingWindow =
  /** The last 24 hours. */
  | 'DAY'
  /** The last 30 days. */
  | 'MONTH'
  /** The last 7 days. */
  | 'WEEK';

/** What a user is willing to see again. */
export type UndoDismissalsInput = {
  /** 1–1,000 items. */
  items: Array<ItemRef>;
  /** The user. */
  user: UserRef;
};

/** The kind of a mistake in an input. */
export type UserErrorCode =
  /** The present state does not allow it, for example because it has changed meanwhile. */
  | 'CONFLICT'
  /** It exists already, or it is in the input twice. */
  | 'DUPLICATE'
  /** The value cannot be used here. */
  | 'INVALID'
  /** Nothing has this id. */
  | 'NOT_FOUND'
  /** It has already ended. */
  | 'NOT_RUNNING'
  /** No model version is active. */
  | 'NO_LIVE_MODEL'
  /** A number is outside its range. */
  | 'OUT_OF_RANGE'
  /** Another item has this semantic ID. */
  | 'TAKEN'
  /** The input has more entries than one call may have. */
  | 'TOO_MANY'
  /** The model version's files are missing or damaged. */
  | 'UNUSABLE_CHECKPOINT';

/** Names a user: give one of the two. */
export type UserRef =
  {   /** The ID that the shop itself uses. */
  externalId: string; id?: never; }
  |  { externalId?: never;   /** The global ID. */
  id: string | number; };

export type ItemCardFragment = { externalId: string, title: string, brand: string | null, categories: Array<string>, price: number | null, currency: string | null, availability: Availability | null, imageUrl: string | null, url: string | null };

export type ItemListFragment = { reason: ListReason, listId: string | null, nodes: Array<{ rank: number, source: RecommendationSource, item: { externalId: string, title: string, brand: string | null, categories: Array<string>, price: number | null, currency: string | null, availability: Availability | null, imageUrl: string | null, url: string | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } };

export type RecommendationsQueryVariables = Exact<{
  user?: string | null | undefined;
  visitor?: string | null | undefined;
  history?: Array<string> | string | null | undefined;
  item?: string | null | undefined;
  placement?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  options?: RecommendationOptions | null | undefined;
}>;


export type RecommendationsQuery = { recommendations: { reason: ListReason, listId: string | null, nodes: Array<{ rank: number, source: RecommendationSource, item: { externalId: string, title: string, brand: string | null, categories: Array<string>, price: number | null, currency: string | null, availability: Availability | null, imageUrl: string | null, url: string | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type TrendingQueryVariables = Exact<{
  window?: TrendingWindow | null | undefined;
  category?: string | null | undefined;
  placement?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type TrendingQuery = { trending: { reason: ListReason, listId: string | null, nodes: Array<{ rank: number, source: RecommendationSource, item: { externalId: string, title: string, brand: string | null, categories: Array<string>, price: number | null, currency: string | null, availability: Availability | null, imageUrl: string | null, url: string | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type SearchItemsQueryVariables = Exact<{
  search?: string | null | undefined;
  filter?: ItemFilter | null | undefined;
  orderBy?: ItemOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type SearchItemsQuery = { items: { totalCount: number, nodes: Array<{ externalId: string, title: string, brand: string | null, categories: Array<string>, price: number | null, currency: string | null, availability: Availability | null, imageUrl: string | null, url: string | null }>, facets: { brands: Array<{ value: string, count: number }>, categories: Array<{ value: string, count: number }> }, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ItemPageQueryVariables = Exact<{
  externalId: string;
  similar?: number | null | undefined;
}>;


export type ItemPageQuery = { item: { description: string | null, attributes: unknown, externalId: string, title: string, brand: string | null, categories: Array<string>, price: number | null, currency: string | null, availability: Availability | null, imageUrl: string | null, url: string | null, similarItems: { nodes: Array<{ externalId: string, title: string, brand: string | null, categories: Array<string>, price: number | null, currency: string | null, availability: Availability | null, imageUrl: string | null, url: string | null }> } } | null };

export type ViewerQueryVariables = Exact<{
  recentlyViewed?: number | null | undefined;
}>;


export type ViewerQuery = { viewer: { user: { externalId: string, recentlyViewed: Array<{ externalId: string, title: string, brand: string | null, categories: Array<string>, price: number | null, currency: string | null, availability: Availability | null, imageUrl: string | null, url: string | null }> | null } | null } };

export type RecordFeedbackMutationVariables = Exact<{
  input: RecordFeedbackInput;
}>;


export type RecordFeedbackMutation = { recordFeedback: { recorded: number, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null }> } };

export type RecordInteractionsMutationVariables = Exact<{
  input: RecordInteractionsInput;
}>;


export type RecordInteractionsMutation = { recordInteractions: { recorded: number, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null }> } };

export type UndoDismissalsMutationVariables = Exact<{
  input: UndoDismissalsInput;
}>;


export type UndoDismissalsMutation = { undoDismissals: { undone: number, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null }> } };

export type IdentifyMutationVariables = Exact<{
  input: IdentifyInput;
}>;


export type IdentifyMutation = { identify: { joinedInteractions: number, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null }> } };


export const RecommendationsDocument = 'query Recommendations($user:String$visitor:String$history:[String!]$item:String$placement:String$first:Int$after:String$options:RecommendationOptions){recommendations(user:$user visitor:$visitor history:$history item:$item placement:$placement first:$first after:$after options:$options){...ItemList}}fragment ItemList on RecommendationList{reason listId nodes{rank source item{...ItemCard}}pageInfo{hasNextPage endCursor}}fragment ItemCard on Item{externalId title brand categories price currency availability imageUrl url}' as TypedDocument<RecommendationsQuery, RecommendationsQueryVariables>;
export const TrendingDocument = 'query Trending($window:TrendingWindow$category:String$placement:String$first:Int$after:String){trending(window:$window category:$category placement:$placement first:$first after:$after){...ItemList}}fragment ItemList on RecommendationList{reason listId nodes{rank source item{...ItemCard}}pageInfo{hasNextPage endCursor}}fragment ItemCard on Item{externalId title brand categories price currency availability imageUrl url}' as TypedDocument<TrendingQuery, TrendingQueryVariables>;
export const SearchItemsDocument = 'query SearchItems($search:String$filter:ItemFilter$orderBy:ItemOrder$first:Int$after:String){items(search:$search filter:$filter orderBy:$orderBy first:$first after:$after){totalCount nodes{...ItemCard}facets{brands{value count}categories{value count}}pageInfo{hasNextPage endCursor}}}fragment ItemCard on Item{externalId title brand categories price currency availability imageUrl url}' as TypedDocument<SearchItemsQuery, SearchItemsQueryVariables>;
export const ItemPageDocument = 'query ItemPage($externalId:String!$similar:Int){item(externalId:$externalId){...ItemCard description attributes similarItems(first:$similar){nodes{...ItemCard}}}}fragment ItemCard on Item{externalId title brand categories price currency availability imageUrl url}' as TypedDocument<ItemPageQuery, ItemPageQueryVariables>;
export const ViewerDocument = 'query Viewer($recentlyViewed:Int){viewer{user{externalId recentlyViewed(first:$recentlyViewed){...ItemCard}}}}fragment ItemCard on Item{externalId title brand categories price currency availability imageUrl url}' as TypedDocument<ViewerQuery, ViewerQueryVariables>;
export const RecordFeedbackDocument = 'mutation RecordFeedback($input:RecordFeedbackInput!){recordFeedback(input:$input){recorded userErrors{code message field}}}' as TypedDocument<RecordFeedbackMutation, RecordFeedbackMutationVariables>;
export const RecordInteractionsDocument = 'mutation RecordInteractions($input:RecordInteractionsInput!){recordInteractions(input:$input){recorded userErrors{code message field}}}' as TypedDocument<RecordInteractionsMutation, RecordInteractionsMutationVariables>;
export const UndoDismissalsDocument = 'mutation UndoDismissals($input:UndoDismissalsInput!){undoDismissals(input:$input){undone userErrors{code message field}}}' as TypedDocument<UndoDismissalsMutation, UndoDismissalsMutationVariables>;
export const IdentifyDocument = 'mutation Identify($input:IdentifyInput!){identify(input:$input){joinedInteractions userErrors{code message field}}}' as TypedDocument<IdentifyMutation, IdentifyMutationVariables>;