import { GraphQLError } from 'graphql';

import { createFaultExplainer } from '../../../src/api/passing-faults';
import type { Logger } from '../../../src/logger';
import { DatabaseError, NewerTablesError } from '../../../src/storage/database-error';

describe('createFaultExplainer', () => {
  let nowMs: number;
  let logged: unknown[];
  const explainer = () =>
    createFaultExplainer({ error: ({ err }: { err: unknown }) => logged.push(err) } as unknown as Logger, () => nowMs);
  const named = (name: string) => Object.assign(new Error('gone'), { name });
  const fault = new DatabaseError('PostgreSQL: expected an answer, got none');

  beforeEach(() => {
    [nowMs, logged] = [0, []];
  });

  it.each([
    ['a database', fault],
    ['a worker', named('WorkerDiedError')],
    ['a checkpoint store', named('CheckpointStoreError')],
  ])('tells clients of %s without an answer that they may try again, at the place where the error was', (_, cause) => {
    const explained = explainer()(
      new GraphQLError('hidden', { path: ['items', 3], originalError: cause }),
    ) as GraphQLError;
    expect(explained.path).toEqual(['items', 3]);
    expect(explained.message).not.toContain('hidden');
    expect(explained.extensions).toMatchObject({
      code: expect.not.stringMatching('INTERNAL'),
      retryAfterSeconds: expect.any(Number),
    });
    expect(explainer()(cause)).toBeInstanceOf(GraphQLError);
  });

  it('says that nothing was changed where a newer version has changed the tables', () => {
    const explained = explainer()(new NewerTablesError('newer')) as GraphQLError;
    expect(explained.message).toContain('nothing was changed');
    expect(explained.extensions.code).toBe('DATABASE_UNAVAILABLE');
  });

  it('leaves any other error as it is, and logs none', () => {
    const explain = explainer();
    for (const error of [new Error('ours'), new GraphQLError('theirs'), 'text', null])
      expect(explain(error)).toBe(error);
    expect(logged).toEqual([]);
  });

  it('logs each cause, at most every five seconds, whatever else fails meanwhile', () => {
    const explain = explainer();
    const died = named('WorkerDiedError');
    for (nowMs of [0, 1, 4_999, 5_000, 9_999, 10_000]) {
      explain(new GraphQLError('hidden', { originalError: fault }));
      if (nowMs < 2) explain(died);
    }
    expect(logged).toEqual([fault, died, fault, fault]);
  });
});
