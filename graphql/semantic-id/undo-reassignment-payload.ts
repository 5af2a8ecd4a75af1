import { ObjectType } from 'type-graphql';

import { ReassignmentPayload } from './reassignment-payload';

@ObjectType({ description: 'The answer of `undoReassignment`.', simpleResolvers: true })
export class UndoReassignmentPayload extends ReassignmentPayload {}
