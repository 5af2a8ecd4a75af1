import 'reflect-metadata';

import type { Context } from '../../../graphql/context';
import { RecommendationConnectionResolver } from '../../../graphql/recommendation/recommendation-connection-resolver';
import type { RecommendationPage } from '../../../graphql/recommendation/recommendation-list';

describe('RecommendationConnectionResolver', () => {
  it('names the version that made the list, and none for a list of popular items', async () => {
    const context = { loaders: { modelVersion: async (id: number) => ({ id }) } } as unknown as Context;
    const versionOf = (modelVersionId: number | null) =>
      new RecommendationConnectionResolver().modelVersion({ modelVersionId } as RecommendationPage, context);
    expect(await versionOf(3)).toEqual({ id: 3 });
    expect(await versionOf(null)).toBeNull();
  });
});
