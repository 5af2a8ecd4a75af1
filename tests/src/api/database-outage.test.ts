import { GraphQLError } from 'graphql';

import { createOutage } from '../../../src/api/database-outage';
import type { Logger } from '../../../src/logger';
import { DatabaseError } from '../../../src/storage/database-error';

describe('createOutage', () => {
  let nowMs: number;
  let logged: unknown[];
  const explain = () =>
    createOutage({ error: ({ err }: { err: unknown }) => logged.push(err) } as unknown as Logger, () => nowMs);
  const fault = new DatabaseError('PostgreSQL: expected an answer, got none');

  beforeEach(() => {
    [nowMs, logged] = [0, []];
  });

  it('tells clients that they may try again, at the place where the error was', () => {
    const error = new GraphQLError('hidden', { path: ['items', 3], originalError: fault });
    expect(explain()(error)).toMatchObject({
      path: ['items', 3],
      extensions: expect.objectContaining({ code: 'DATABASE_UNAVAILABLE' }),
    });
    expect(explain()(fault)).toBeInstanceOf(GraphQLError);
  });

  it('leaves any other error as it is, and logs none', () => {
    for (const error of [new Error('ours'), new GraphQLError('theirs'), 'text', null])
      expect(explain()(error)).toBe(error);
    expect(logged).toEqual([]);
  });

  it('logs the cause, at most every five seconds', () => {
    const explainOne = explain();
    for (nowMs of [0, 1, 4_999, 5_000, 9_999, 10_000]) explainOne(new GraphQLError('hidden', { originalError: fault }));
    expect(logged).toEqual([fault, fault, fault]);
  });
});
