/** The arguments of a page, `first` and `after`, with a default for each size of page. */
import { ArgsType, type ClassType, Field, Int } from 'type-graphql';

import { InRange, TextLength } from './bounds';
import type { PageArgs } from './records';

/** Fits the cursor of a list by title: 500 characters, of up to 9 bytes each in JSON, in base64. */
const MAX_CURSOR = 8_000;

export interface PageInput {
  readonly first?: number | null;
  readonly after?: string | null;
  /** @returns The page as ports take it. GraphQL does not replace an explicit null by the default, so this does. */
  toPage(): PageArgs;
}

/** @param usual - The number of entries when `first` is absent or null. */
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
    @TextLength(1, MAX_CURSOR)
    readonly after?: string | null;

    toPage(): PageArgs {
      return { first: this.first ?? usual, after: this.after ?? null };
    }
  }
  return Input;
}

export const PageOf10 = pageInputOf(10);
export const PageOf20 = pageInputOf(20);
export const PageOf50 = pageInputOf(50);
