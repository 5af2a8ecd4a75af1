import type { Page } from '../../graphql/common/records';

/** @returns The rows of all pages, one after another. */
export async function allPages<T>(readPage: (after: string | null) => Promise<Page<T>>): Promise<T[]> {
  const rows: T[] = [];
  for (let after: string | null = null, more = true; more;) {
    const page: Page<T> = await readPage(after);
    rows.push(...page.edges.map(({ node }) => node));
    after = page.edges.at(-1)?.cursor ?? null;
    more = page.hasNextPage;
  }
  return rows;
}
