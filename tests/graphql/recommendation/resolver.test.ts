import 'reflect-metadata';

import type { Context } from '../../../graphql/context';
import { CodeStepResolver, RecommendationConnectionResolver } from '../../../graphql/recommendation/resolver';
import type { RecommendationPage } from '../../../graphql/recommendation/types';
import { serveFakeApi } from '../../support/fake-api';
import { OPERATIONS } from '../../support/operations';

const api = serveFakeApi();

describe('RecommendationResolver', () => {
  it('names the unknown items of the history in the extensions', async () => {
    const answer = await api.reader.execute(OPERATIONS['history-recommendations'], { history: ['item-1', 'nobody'] });
    expect(answer.expectData().recommendations.nodes).toHaveLength(4);
    expect(answer.extensions).toEqual({ skippedItems: ['nobody'] });
  });

  it('has no extensions when every item is known', async () => {
    const answer = await api.reader.execute(OPERATIONS['history-recommendations'], { history: ['item-1'] });
    answer.expectData();
    expect(answer.extensions).toEqual({});
  });

  it('explains an item by the steps that the decoder wrote, each with the prefix that it leads to', async () => {
    const document =
      '{ recommendations(history: ["item-1"], first: 1) { nodes { explanation { level code prefix { codes } } } } }';
    const [{ explanation }] = (await api.reader.execute(document)).expectData().recommendations.nodes;
    const codes = explanation.map(({ code }: { readonly code: number }) => code);
    expect(codes.length).toBeGreaterThan(1);
    expect(explanation).toEqual(
      codes.map((code: number, level: number) => ({ level, code, prefix: { codes: codes.slice(0, level + 1) } })),
    );
  });
});

describe('RecommendationConnectionResolver', () => {
  it('names the version that made the list, and none for a list of popular items', async () => {
    const context = { loaders: { modelVersion: async (id: number) => ({ id }) } } as unknown as Context;
    const versionOf = (modelVersionId: number | null) =>
      new RecommendationConnectionResolver().modelVersion({ modelVersionId } as RecommendationPage, context);
    expect(await versionOf(3)).toEqual({ id: 3 });
    expect(await versionOf(null)).toBeNull();
  });
});

describe('CodeStepResolver', () => {
  it('leads to the prefix of all codes up to the step', async () => {
    const prefix = jest.fn(async (codes: readonly number[]) => ({ codes, itemCount: 2 }));
    const context = { loaders: { prefix } } as unknown as Context;
    expect(await new CodeStepResolver().prefix({ codes: [1, 7] }, context)).toEqual({ codes: [1, 7], itemCount: 2 });
  });
});
