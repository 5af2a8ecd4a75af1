import 'reflect-metadata';

import type { Context } from '../../../graphql/context';
import { CodeStepResolver } from '../../../graphql/recommendation/code-step-resolver';

describe('CodeStepResolver', () => {
  it('leads to the prefix of all codes up to the step', async () => {
    const prefix = jest.fn(async (codes: readonly number[]) => ({ codes, itemCount: 2 }));
    const context = { loaders: { prefix } } as unknown as Context;
    expect(await new CodeStepResolver().prefix({ codes: [1, 7] }, context)).toEqual({ codes: [1, 7], itemCount: 2 });
  });
});
