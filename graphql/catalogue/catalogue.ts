import { ObjectType } from 'type-graphql';

/** Its fields are all in `catalogue-resolver.ts`. */
@ObjectType({ description: 'All items, and figures about their semantic IDs.' })
export class Catalogue {}
