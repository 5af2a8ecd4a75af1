import { Ctx, FieldResolver, Query, Resolver, Root, Subscription } from 'type-graphql';

import { eventStream } from '../common/event-stream';
import type { Context } from '../context';
import { CodebookLevel } from '../semantic-id/codebook-level';
import { CollisionReport } from '../semantic-id/collision-report';
import { Catalogue } from './catalogue';
import { CatalogueChange } from './catalogue-change';
import type { CatalogueChangeRecord } from './records';

@Resolver(() => Catalogue)
export class CatalogueResolver {
  @Query(() => Catalogue, { description: 'The catalogue as a whole.' })
  catalogue(@Ctx() { catalogue }: Context) {
    return catalogue.summary();
  }

  @FieldResolver(() => [CodebookLevel], {
    description: 'The active codebooks, coarse to fine; empty when no model version is active.',
    complexity: 20,
  })
  levels(@Ctx() { catalogue }: Context) {
    return catalogue.levels();
  }

  @FieldResolver(() => CollisionReport, { description: 'How often items share all codebook codes.' })
  collisions(@Ctx() { catalogue }: Context) {
    return catalogue.collisions();
  }

  @Subscription(() => CatalogueChange, {
    description: 'Each change of the catalogue. A slow reader misses the oldest ones.',
    subscribe: ({ context }: { context: Context }) => eventStream({ live: context.hub.subscribe('CATALOGUE_CHANGES') }),
  })
  catalogueChanges(@Root() change: CatalogueChangeRecord) {
    return change;
  }
}
