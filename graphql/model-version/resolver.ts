import { Arg, Args, Authorized, Ctx, Int, Resolver, Root, Subscription } from 'type-graphql';

import { type PageInput, PageOf20, toConnection } from '../common/connection';
import { eventStream, knownAfter } from '../common/event-stream';
import { Field, Mutation, Nullable, Query } from '../common/field';
import { readRow } from '../common/global-id';
import type { Context } from '../context';
import { TrainingJob } from '../training/types';
import { ActivateModelVersionInput, MetricsInput } from './inputs';
import type { ActivationRecord, ModelVersionRecord } from './records';
import { toldDifference } from './strongest-baseline';
import {
  ActivateModelVersionPayload,
  BaselineDifference,
  Metric,
  ModelActivation,
  ModelVersion,
  ModelVersionConnection,
} from './types';

@Resolver(() => ModelVersion)
export class ModelVersionResolver {
  @Query(() => ModelVersion, 'The version that makes the recommendations; null while popularity makes them.')
  activeModel(@Ctx() { models }: Context) {
    return models.live();
  }

  @Query(() => ModelVersion, 'The version that was active before the active one, to put it back; null when none was.')
  formerModel(@Ctx() { models }: Context) {
    return models.former();
  }

  @Query(() => ModelVersionConnection, 'All model versions, newest first.')
  async modelVersions(@Args(() => PageOf20) page: PageInput, @Ctx() { models }: Context) {
    return toConnection(await models.versions(page.toPage()));
  }

  @Field(() => [Metric], 'Quality on held-out interactions, and of simple methods, as `baseline.NAME.…`.')
  metrics(@Root() { metrics }: ModelVersionRecord, @Args() { names }: MetricsInput) {
    return names == null ? metrics : names.flatMap((wanted) => metrics.find(({ name }) => name === wanted) ?? []);
  }

  @Nullable(
    () => BaselineDifference,
    'How far its lists are above those of the strongest simple method, user by user; null where none was measured. `metrics` has ' +
      'all its figures, as `above.strongest-baseline.…`.',
  )
  aboveStrongestBaseline(@Root() { metrics }: ModelVersionRecord) {
    return toldDifference(metrics);
  }

  @Nullable(() => TrainingJob, 'The training job that made it.')
  trainedBy(@Root() { trainingJobId }: ModelVersionRecord, @Ctx() { loaders }: Context) {
    return trainingJobId === null ? null : loaders.trainingJob(trainingJobId);
  }

  @Nullable(() => ModelVersion, 'The version that was active when the training of this one ended; null when none was.')
  parent(@Root() { parentId }: ModelVersionRecord, @Ctx() { loaders }: Context) {
    return parentId === null ? null : loaders.modelVersion(parentId);
  }

  @Authorized('ADMIN')
  @Mutation(() => ActivateModelVersionPayload, 'Activates a model version, also an older one.')
  async activateModelVersion(@Arg('input') { modelVersionId }: ActivateModelVersionInput, @Ctx() { models }: Context) {
    const { row, userErrors } = readRow('ModelVersion', modelVersionId, 'modelVersionId');
    if (row === null) return { modelVersion: null, userErrors };
    return models.activate(row);
  }

  @Subscription(() => ModelActivation, {
    description: 'Each model version that becomes active, whichever server activates it.',
    subscribe: async ({ args, context }: { args: { after?: number | null }; context: Context }) =>
      eventStream({
        after: await knownAfter(args.after, () => context.catalogue.version()),
        missed: (version) => context.models.activationsAfter(version),
        live: context.hub.subscribe('ACTIVE_MODEL_CHANGES'),
        numberOf: ({ catalogueVersion }) => catalogueVersion,
      }),
  })
  activeModelChanges(
    @Root() activation: ActivationRecord,
    @Arg('after', () => Int, {
      nullable: true,
      description:
        'The `catalogueVersion` of the last event that the client has seen, or a version of the catalogue: it first gets the activations after it. A number that no version has yet is ignored.',
    })
    _after: number | null,
    @Ctx() { loaders }: Context,
  ) {
    // A subscription has one context for all its events; what an earlier one loaded is old by now.
    loaders.clearAll();
    return activation;
  }
}
