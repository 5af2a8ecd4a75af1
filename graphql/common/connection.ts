/** Relay connections: `connectionOf` makes the types, `toConnection` the values. */
import { type ClassType, Field, ObjectType } from 'type-graphql';

import type { Loaders } from '../context';
import { PageInfo } from './page-info';
import type { PageInput } from './page-input';
import type { Page, PageArgs } from './records';

export interface Connection<T> {
  readonly edges: readonly { readonly node: T; readonly cursor: string }[];
  readonly nodes: readonly T[];
  readonly pageInfo: PageInfo;
}

/** Makes the types `<name>Connection` and `<name>Edge`. */
export function connectionOf<T extends object>(node: ClassType<T>, name: string): ClassType<Connection<T>> {
  @ObjectType(`${name}Edge`, { description: `One ${name} of a page.`, simpleResolvers: true })
  class Edge {
    @Field(() => node, { description: 'The entry itself.' })
    readonly node!: T;

    @Field(() => String, { description: 'Pass it as `after` to get the entries that follow this one.' })
    readonly cursor!: string;
  }

  @ObjectType(`${name}Connection`, { description: `A page of entries of the type ${name}.`, simpleResolvers: true })
  class ConnectionType implements Connection<T> {
    @Field(() => [Edge], { description: 'The entries of the page, each with its cursor.' })
    readonly edges!: Edge[];

    @Field(() => [node], { description: 'The entries of the page, without cursors.' })
    readonly nodes!: T[];

    @Field(() => PageInfo, { description: 'Whether more entries follow, and the cursors of this page.' })
    readonly pageInfo!: PageInfo;
  }
  return ConnectionType;
}

export function toConnection<T>(page: Page<T>): Connection<T> {
  return {
    edges: page.edges,
    nodes: page.edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: false,
      startCursor: page.edges[0]?.cursor ?? null,
      endCursor: page.edges.at(-1)?.cursor ?? null,
    },
  };
}

/**
 * Reads a page by a query of its own: see `Loaders.inTurn`.
 *
 * @param key - Says what is read, but for the page.
 */
export async function ownConnection<T>(
  loaders: Pick<Loaders, 'inTurn'>,
  key: readonly unknown[],
  page: PageInput,
  read: (page: PageArgs) => Promise<Page<T>>,
): Promise<Connection<T>> {
  const args = page.toPage();
  return toConnection(await loaders.inTurn([...key, args], () => read(args)));
}
