/** `first` and `after`, with the default that suits the field. */
import { ArgsType, type ClassType, Field, Int } from 'type-graphql';

import { InRange, TextLength } from './bounds';
import type { PageArgs } from './records';

export interface PageInput {
  readonly first?: number | null;
  readonly after?: string | null;
}

/** @param usual - What an absent or null `first` means. */
function pageInputOf(usual: number): ClassType<PageInput> {
  @ArgsType()
  class Input implements PageInput {
    @Field(() => Int, { nullable: true, defaultValue: usual, description: 'The number of entries, 1–100.' })
    @InRange(1, 100)
    readonly first?: number | null;

    @Field(() => String, {
      nullable: true,
      description: 'The cursor after which the page starts; absent: the beginning.',
    })
    @TextLength(1, 500)
    readonly after?: string | null;
  }
  return Input;
}

export const PageOf10 = pageInputOf(10);
export const PageOf20 = pageInputOf(20);
export const PageOf50 = pageInputOf(50);

/** @returns What a port takes; GraphQL's defaults do not stand in for an explicit null. */
export function toPage(input: PageInput, usual: number): PageArgs {
  return { first: input.first ?? usual, after: input.after ?? null };
}
