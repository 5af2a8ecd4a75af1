import { ObjectType } from 'type-graphql';

import { Nullable } from '../common/field';
import { MutationPayload } from '../common/types';
import type { ModelVersionRecord } from './records';
import { ModelVersion } from './types';

@ObjectType({ description: 'The answer of `activateModelVersion`.', simpleResolvers: true })
export class ActivateModelVersionPayload extends MutationPayload {
  @Nullable(() => ModelVersion, 'The version that is active now; null when the call was refused.')
  readonly modelVersion!: ModelVersionRecord | null;
}
