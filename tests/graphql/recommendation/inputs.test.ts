import type { GraphQLError } from 'graphql';
import 'reflect-metadata';

import type { CallerRole } from '../../../graphql/api-key/records';
import { toGlobalId } from '../../../graphql/common/global-id';
import type { Context } from '../../../graphql/context';
import { toRecommendationArgs } from '../../../graphql/recommendation/inputs';

const as = (role: CallerRole) => ({ role, caller: { key: null } }) as Context;
const codeOf = (work: () => unknown) => {
  try {
    work();
    return null;
  } catch (error) {
    return (error as GraphQLError).extensions.code;
  }
};

describe('toRecommendationArgs', () => {
  it('hands over the options beside the length', () => {
    expect(toRecommendationArgs({ first: 10, options: null }, as('READER'))).toEqual({ first: 10 });
    expect(toRecommendationArgs({ first: 3, options: { seed: 7, modelVersion: null } }, as('READER'))).toEqual({
      first: 3,
      seed: 7,
    });
  });

  it('hands over the row of a model version, for admins alone', () => {
    const ofVersion = (modelVersion: string) => ({ first: 10, options: { modelVersion, beamWidth: 5 } });
    const four = ofVersion(toGlobalId('ModelVersion', 4));
    expect(toRecommendationArgs(four, as('ADMIN'))).toEqual({ first: 10, beamWidth: 5, modelVersionId: 4 });
    for (const role of ['ANONYMOUS', 'STOREFRONT', 'READER', 'WRITER'] as const)
      expect(codeOf(() => toRecommendationArgs(four, as(role)))).toBe('FORBIDDEN');
  });

  it.each(['4', '', toGlobalId('Item', 4)])('refuses %j for a model version', (modelVersion) => {
    const ask = () => toRecommendationArgs({ first: 10, options: { modelVersion } }, as('ADMIN'));
    expect(codeOf(ask)).toBe('BAD_USER_INPUT');
    expect(ask).toThrow(`modelVersion: expected the global ID of a model version, got "${modelVersion}"`);
  });
});
