import { GraphQLEnumType } from 'graphql';
import 'reflect-metadata';
import { buildSchemaSync, Query, Resolver } from 'type-graphql';

import { enumOf } from '../../../graphql/common/types';

const Size = enumOf<'SMALL' | 'LARGE'>('Size', 'How big it is.', { SMALL: 'A cup.', LARGE: 'A bowl.' });

@Resolver()
class SizeResolver {
  @Query(() => Size)
  size() {
    return Size.LARGE;
  }
}

describe('enumOf', () => {
  it('registers the values under their names, each with its description', () => {
    const type = buildSchemaSync({ resolvers: [SizeResolver] }).getType('Size') as GraphQLEnumType;
    expect(type.description).toBe('How big it is.');
    const values = type.getValues().map(({ name, value, description }) => [name, value, description]);
    expect(values).toEqual([
      ['SMALL', 'SMALL', 'A cup.'],
      ['LARGE', 'LARGE', 'A bowl.'],
    ]);
  });
});
