import { GraphQLError } from 'graphql';

import { codeOf, outcomeOf } from '../../../graphql/audit/outcome';

describe('outcomeOf', () => {
  it('is the code of the first error that the payload has for its caller', () => {
    expect(outcomeOf({ userErrors: [{ code: 'TAKEN' }, { code: 'INVALID' }] })).toBe('TAKEN');
  });

  it('is OK for a payload without errors, and where there is none', () => {
    expect([{ userErrors: [] }, { item: 1 }, null, undefined].map(outcomeOf)).toEqual(['OK', 'OK', 'OK', 'OK']);
  });
});

describe('codeOf', () => {
  it('is the code that clients see', () => {
    expect(codeOf(new GraphQLError('no', { extensions: { code: 'FORBIDDEN' } }))).toBe('FORBIDDEN');
    expect(codeOf(new Error('a bug'))).toBe('INTERNAL_SERVER_ERROR');
    expect(codeOf(new GraphQLError('no'))).toBe('INTERNAL_SERVER_ERROR');
  });

  it('is no failure of the server when somebody has stopped it', () => {
    expect(codeOf(AbortSignal.abort().reason)).toBe('CANCELLED');
  });
});
