/** How long texts and lists of an input may be. */

/** The largest whole number of GraphQL, and of the databases' columns. */
export const MAX_INT = 2 ** 31 - 1;
/** Entries of one call. */
export const MAX_BATCH = 1_000;
/** Objects that one `nodes` query names. */
export const MAX_NODES = 100;

/** Characters of an ID, global or external. */
export const MAX_ID = 200;
/** Characters of the ID of a list, which names its user, its placement and its items. */
export const MAX_LIST_ID = 2_000;
/** Characters of the name of a placement. */
export const MAX_PLACEMENT = 64;
/** Rules of a placement. */
export const MAX_RULES = 50;
/** Arms of an experiment. */
export const MAX_ARMS = 10;
/** Characters of the name of a brand or a category. */
export const MAX_NAME = 200;
/** Characters of the name of a key, a preset or a metric. */
export const MAX_LABEL = 100;
/** Characters of the address of a page or a picture. */
export const MAX_URL = 2_000;
export const MAX_TITLE = 500;
export const MAX_DESCRIPTION = 10_000;
/** Characters of a search text. */
export const MAX_SEARCH = 200;
/** Bytes of JSON. Longer attributes would make answers too long, which may have thousands of items. */
export const MAX_ATTRIBUTES_BYTES = 16 * 1024;

/** In the shop's currency. */
export const MAX_PRICE = 1e12;
export const MAX_CATEGORIES = 50;
/** Numbers of a vector. */
export const MAX_EMBEDDING = 4_096;
/** Codes of a semantic ID or a prefix. */
export const MAX_CODES = 16;
/** Prefixes that a list is steered to, and from. */
export const MAX_SHELVES = 10;
export const MAX_STEER = 500;
export const MAX_CODE = 65_535;
/** Items of a history that comes with a request. */
export const MAX_HISTORY_IDS = 200;
/** Brands, or categories, of a filter. */
export const MAX_FILTER_NAMES = 100;
/** Conditions of a filter on attributes. */
export const MAX_FILTER_ATTRIBUTES = 20;
/** Items that a filter names. */
export const MAX_FILTER_IDS = 1_000;
