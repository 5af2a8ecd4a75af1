/**
 * The fields of an item in one table. The form, the files of items and the item's page derive from it.
 * A new field is a line here and a line in `items.graphql`.
 */
import type { Availability, NewItem } from '../../graphql/graphql';

interface ItemField {
  readonly label: string;
  readonly kind: 'text' | 'longText' | 'texts' | 'price' | 'json' | 'address' | 'picture' | 'availability' | 'time';
  /** The column in files, and the names that other programs give to it, in small letters. */
  readonly columns: readonly string[];
  /** How the column is written, where its name does not say it. */
  readonly columnNote?: string;
  /** A line below the label of the form. */
  readonly help?: string;
  /** Shares its line of the form with the next narrow field. */
  readonly isNarrow?: true;
}

export const ITEM_FIELDS = {
  externalId: {
    label: 'ID',
    kind: 'text',
    columns: ['id', 'externalid', 'external_id', 'sku', 'itemid', 'item_id'],
    help: "The shop's own key",
    isNarrow: true,
  },
  groupId: {
    label: 'Group',
    kind: 'text',
    columns: ['groupid', 'group_id', 'group', 'item_group_id'],
    help: 'Equal for the sizes of one thing',
    isNarrow: true,
  },
  title: { label: 'Title', kind: 'text', columns: ['title', 'name'] },
  description: { label: 'Description', kind: 'longText', columns: ['description'] },
  price: { label: 'Price', kind: 'price', columns: ['price'], isNarrow: true },
  currency: { label: 'Currency', kind: 'text', columns: ['currency'], help: 'Such as EUR', isNarrow: true },
  availability: {
    label: 'Availability',
    kind: 'availability',
    columns: ['availability'],
    columnNote: 'IN_STOCK, PREORDER or OUT_OF_STOCK',
  },
  availableFrom: {
    label: 'Available from',
    kind: 'time',
    columns: ['availablefrom', 'available_from'],
    isNarrow: true,
  },
  availableUntil: {
    label: 'Available until',
    kind: 'time',
    columns: ['availableuntil', 'available_until'],
    isNarrow: true,
  },
  url: { label: 'Address', kind: 'address', columns: ['url', 'link'], help: 'Of its page in the shop' },
  imageUrl: {
    label: 'Picture',
    kind: 'picture',
    columns: ['imageurl', 'image_url', 'image_link', 'image'],
    help: 'The address of a picture',
  },
  brand: { label: 'Brand', kind: 'text', columns: ['brand'], isNarrow: true },
  categories: {
    label: 'Categories',
    kind: 'texts',
    columns: ['categories', 'category'],
    columnNote: 'with | between them',
    isNarrow: true,
  },
  attributes: {
    label: 'Attributes',
    kind: 'json',
    columns: ['attributes'],
    columnNote: 'JSON',
    help: 'Whatever else the shop keeps about it, as JSON',
  },
} as const satisfies Record<Exclude<keyof NewItem, 'embedding'>, ItemField>;

export const AVAILABILITY: Record<Availability, string> = {
  IN_STOCK: 'In stock',
  PREORDER: 'To be ordered',
  OUT_OF_STOCK: 'Out of stock',
};

type Fields = typeof ITEM_FIELDS;

export type FieldName = keyof Fields;

export const FIELDS = Object.entries<ItemField>(ITEM_FIELDS) as readonly (readonly [FieldName, ItemField])[];

/** The names of the fields of some kinds. */
export type FieldOfKind<Kind extends ItemField['kind']> = {
  [Name in FieldName]: Fields[Name]['kind'] extends Kind ? Name : never;
}[FieldName];
