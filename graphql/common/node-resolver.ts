import { Arg, Args, ArgsType, Ctx, ID, Resolver } from 'type-graphql';

import type { Context } from '../context';
import { ListLength, TextLength } from './bounds';
import { maySeeUser, needsSomeUser, visibleItem } from './check-access';
import { Field, Query } from './field';
import { parseGlobalId } from './global-id';
import { MAX_ID, MAX_NODES } from './limits';
import { Node } from './types';

@ArgsType()
export class NodesInput {
  @Field(() => [ID], 'Global IDs, at most 100.')
  @ListLength(0, MAX_NODES)
  @TextLength(1, MAX_ID, { each: true })
  readonly ids!: string[];
}

@Resolver()
export class NodeResolver {
  @Query(() => Node, 'The object with this global ID; null when there is none.')
  node(@Arg('id', () => ID, { description: 'Global ID.' }) id: string, @Ctx() context: Context) {
    return load(id, context);
  }

  @Query(() => [Node], 'The objects with these global IDs, in this order, or null.', { nullable: 'itemsAndList' })
  nodes(@Args() { ids }: NodesInput, @Ctx() context: Context) {
    return ids.map((id) => load(id, context));
  }
}

async function load(id: string, context: Context) {
  const { loaders } = context;
  const parsed = parseGlobalId(id);
  switch (parsed?.type) {
    case 'Item':
      return named('Item', visibleItem(await loaders.item(parsed.row), context));
    case 'User':
      return named('User', await visibleUser(parsed.row, context));
    case 'ModelVersion':
      return named('ModelVersion', await loaders.modelVersion(parsed.row));
    case 'TrainingJob':
      return named('TrainingJob', await loaders.trainingJob(parsed.row));
    default:
      // API keys, interactions, experiments and their arms have an ID but cannot be fetched.
      return null;
  }
}

/** @throws {GraphQLError} `FORBIDDEN` for callers who may see no user, whether there is one or not. */
async function visibleUser(row: number, context: Context) {
  needsSomeUser(context, 'node');
  const user = await context.loaders.user(row);
  return user && maySeeUser(context, user) ? user : null;
}

function named<T extends object>(__typename: string, record: T | null) {
  return record && { __typename, ...record };
}
