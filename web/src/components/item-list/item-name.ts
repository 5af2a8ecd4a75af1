/** @returns What an item is called: its title, or its ID where it has none, as the items of a shop that knows IDs alone. */
export function itemName({ externalId, title }: { readonly externalId: string; readonly title: string }): string {
  return title.trim() === '' ? externalId : title;
}
