import { Arg, Authorized, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql';

import { costOfLevels } from '../common/cost';
import { readRows } from '../common/read-rows';
import type { Context } from '../context';
import { prefixOf } from './prefix-of';
import { ReassignSemanticIdsInput } from './reassign-semantic-ids-input';
import { ReassignSemanticIdsPayload } from './reassign-semantic-ids-payload';
import type { ReassignArgs, SemanticIdRecord } from './records';
import { SemanticId } from './semantic-id';
import { SemanticIdPrefix } from './semantic-id-prefix';
import { toReassignmentPayload } from './to-reassignment-payload';
import { UndoReassignmentInput } from './undo-reassignment-input';
import { UndoReassignmentPayload } from './undo-reassignment-payload';

@Resolver(() => SemanticId)
export class SemanticIdResolver {
  @FieldResolver(() => String, { description: 'A form for people to read, such as `<a_12><b_24><c_52><d_0>`.' })
  text(@Root() { codes }: SemanticIdRecord) {
    return codes.map((code, level) => `<${String.fromCharCode(97 + level)}_${code}>`).join('');
  }

  @FieldResolver(() => Int, { description: 'The last code. It tells apart items whose other codes are equal.' })
  collisionToken(@Root() { codes }: SemanticIdRecord) {
    return codes[codes.length - 1];
  }

  @FieldResolver(() => [SemanticIdPrefix], {
    description: 'The prefixes of the semantic ID, one for each level, coarse to fine.',
    complexity: costOfLevels,
  })
  prefixes(@Root() { codes }: SemanticIdRecord, @Ctx() context: Context) {
    return codes.map((_, level) => prefixOf(codes.slice(0, level + 1), context));
  }

  @Authorized('ADMIN')
  @Mutation(() => ReassignSemanticIdsPayload, {
    nullable: true,
    description: 'Gives items other semantic IDs: either codes from the input or new codes from the tokenizer.',
  })
  async reassignSemanticIds(
    @Arg('input', () => ReassignSemanticIdsInput) input: ReassignSemanticIdsInput,
    @Ctx() { catalogue, loaders }: Context,
  ) {
    const assigned = readRows('Item', input.assignments?.map(({ itemId }) => itemId) ?? [], (index) => [
      'assignments',
      String(index),
      'itemId',
    ]);
    const named = readRows('Item', input.itemIds ?? [], (index) => ['itemIds', String(index)]);
    const payload = await catalogue.reassignSemanticIds(toReassignArgs(input, assigned.rows, named.rows), [
      ...assigned.userErrors,
      ...named.userErrors,
    ]);
    loaders.clearAll();
    return toReassignmentPayload(payload);
  }

  @Authorized('ADMIN')
  @Mutation(() => UndoReassignmentPayload, {
    nullable: true,
    description:
      'Takes back a reassignment: its items get their former semantic IDs again. This is a reassignment too and can be ' +
      'undone. The call is refused with CONFLICT when one of the items or of their former semantic IDs has changed since.',
  })
  async undoReassignment(
    @Arg('input', () => UndoReassignmentInput) input: UndoReassignmentInput,
    @Ctx() { catalogue, loaders }: Context,
  ) {
    const payload = await catalogue.undoReassignment(
      input.catalogueVersion,
      input.dryRun ?? false,
      input.ifCatalogueVersion ?? null,
    );
    loaders.clearAll();
    return toReassignmentPayload(payload);
  }
}

function toReassignArgs(
  input: ReassignSemanticIdsInput,
  assigned: readonly number[],
  named: readonly number[],
): ReassignArgs {
  const assignments = input.assignments?.map(({ codes }, index) => ({ itemId: assigned[index], codes }));
  return { ...input, assignments, itemIds: input.itemIds && named, dryRun: input.dryRun ?? false };
}
