/** Relay connections: the types, the values, and the arguments of a page. */
import { ArgsType, type ClassType, Int, ObjectType } from 'type-graphql';

import type { Loaders } from '../context';
import { InRange, TextLength } from './bounds';
import { badInput } from './errors';
import { Default, Field, Nullable } from './field';
import type { Page, PageArgs, TwoWayPageArgs } from './records';

@ObjectType({ description: 'The position of a page in the whole list.', simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean, 'Whether more entries follow `endCursor`.')
  readonly hasNextPage!: boolean;

  @Field(() => Boolean, 'Whether entries come before `startCursor`; always false in lists that have no `before`.')
  readonly hasPreviousPage!: boolean;

  @Nullable(() => String, 'The cursor of the first entry; null when the page is empty.')
  readonly startCursor!: string | null;

  @Nullable(() => String, 'The cursor of the last entry; null when the page is empty.')
  readonly endCursor!: string | null;
}

/** Fits the cursor of a list by title: 500 characters, of up to 9 bytes each in JSON, in base64. */
export const MAX_CURSOR = 8_000;

/** @param usual - The number of entries when `first` is absent or null. */
function pageInputOf(usual: number) {
  @ArgsType()
  class Input {
    @Default(() => Int, usual, 'The number of entries, 1–100.')
    @InRange(1, 100)
    readonly first!: number;

    @Nullable(() => String, 'The cursor after which the page starts; absent: the beginning.')
    @TextLength(1, MAX_CURSOR)
    readonly after?: string | null;

    /** @returns The page as ports take it. */
    toPage(): PageArgs {
      return { first: this.first, after: this.after ?? null };
    }
  }
  return Input;
}

export const PageOf10 = pageInputOf(10);
export const PageOf20 = pageInputOf(20);
export const PageOf50 = pageInputOf(50);
export type PageInput = InstanceType<typeof PageOf20>;

/** A page in either direction. */
@ArgsType()
export class TwoWayPage {
  @Default(() => Int, 20, 'The number of entries, 1–100; does not count with `last`.')
  @InRange(1, 100)
  readonly first!: number;

  @Nullable(() => String, 'The cursor after which the page starts; absent: the beginning.')
  @TextLength(1, MAX_CURSOR)
  readonly after?: string | null;

  @Nullable(() => Int, 'In place of `first`: the number of entries at the end, 1–100.')
  @InRange(1, 100)
  readonly last?: number | null;

  @Nullable(() => String, 'With `last`: the cursor before which the page ends; absent: the end of the list.')
  @TextLength(1, MAX_CURSOR)
  readonly before?: string | null;

  /** @throws {GraphQLError} `BAD_USER_INPUT` when a cursor is of the other direction. */
  toPage(): TwoWayPageArgs {
    const { first, after = null, last, before = null } = this;
    if (last != null && after !== null) throw wrongWay('after', 'first', 'before');
    if (last == null && before !== null) throw wrongWay('before', 'last', 'after');
    return last == null ? { first, after } : { last, before };
  }
}

function wrongWay(name: string, partner: string, other: string) {
  const message = `${name}: expected it with \`${partner}\`, got it without; pass the cursor as \`${other}\``;
  return badInput({ path: [name], message });
}

@ArgsType()
export class FirstInput {
  @Default(() => Int, 10, 'The number of entries, 1–100.')
  @InRange(1, 100)
  readonly first!: number;
}

export interface Connection<T> {
  readonly edges: readonly { readonly node: T; readonly cursor: string }[];
  readonly nodes: readonly T[];
  readonly pageInfo: PageInfo;
}

/** Makes the types `<name>Connection` and `<name>Edge`. */
export function connectionOf<T extends object>(node: ClassType<T>, name: string): ClassType<Connection<T>> {
  @ObjectType(`${name}Edge`, { description: `One ${name} of a page.`, simpleResolvers: true })
  class Edge {
    @Field(() => node, 'The entry itself.')
    readonly node!: T;

    @Field(() => String, 'Pass it as `after` to get the entries that follow this one.')
    readonly cursor!: string;
  }

  @ObjectType(`${name}Connection`, { description: `A page of entries of the type ${name}.`, simpleResolvers: true })
  class ConnectionType implements Connection<T> {
    @Field(() => [Edge], 'The entries of the page, each with its cursor.')
    readonly edges!: Edge[];

    @Field(() => [node], 'The entries of the page, without cursors.')
    readonly nodes!: T[];

    @Field(() => PageInfo, 'Whether more entries follow, and the cursors of this page.')
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
      hasPreviousPage: page.hasPreviousPage ?? false,
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
export async function ownConnection<T, Args>(
  loaders: Pick<Loaders, 'inTurn'>,
  key: readonly unknown[],
  page: { toPage(): Args },
  read: (page: Args) => Promise<Page<T>>,
): Promise<Connection<T>> {
  const args = page.toPage();
  return toConnection(await loaders.inTurn([...key, args], () => read(args)));
}
