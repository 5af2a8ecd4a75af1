import { ObjectType } from 'type-graphql';

import { ReassignmentPayload } from './reassignment-payload';

@ObjectType({ description: 'The answer of `reassignSemanticIds`.', simpleResolvers: true })
export class ReassignSemanticIdsPayload extends ReassignmentPayload {}
