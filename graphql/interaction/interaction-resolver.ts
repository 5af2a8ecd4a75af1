import { Arg, Authorized, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';

import type { Context } from '../context';
import { Item } from '../item/item';
import { User } from '../user/user';
import { Interaction } from './interaction';
import { RecordInteractionsInput } from './record-interactions-input';
import { RecordInteractionsPayload } from './record-interactions-payload';
import type { InteractionRecord } from './records';

@Resolver(() => Interaction)
export class InteractionResolver {
  @FieldResolver(() => Item, { description: 'The item.' })
  item(@Root() interaction: InteractionRecord, @Ctx() { loaders }: Context) {
    return loaders.item(interaction.itemId);
  }

  @FieldResolver(() => User, { description: 'Who.' })
  user(@Root() interaction: InteractionRecord, @Ctx() { loaders }: Context) {
    return loaders.user(interaction.userId);
  }

  @Authorized('WRITER')
  @Mutation(() => RecordInteractionsPayload, {
    nullable: true,
    description: 'Records what users did. Their next recommendations take it into account.',
  })
  async recordInteractions(
    @Arg('input', () => RecordInteractionsInput) { interactions }: RecordInteractionsInput,
    @Ctx() { catalogue, loaders }: Context,
  ) {
    const payload = await catalogue.recordInteractions(
      interactions.map((interaction) => ({ ...interaction, kind: interaction.kind ?? 'PURCHASE' })),
    );
    loaders.clearAll();
    return payload;
  }
}
