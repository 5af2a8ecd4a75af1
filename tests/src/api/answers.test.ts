import { GraphQLError } from 'graphql';

import { Answers, createFaultExplainer } from '../../../src/api/answers';
import { createLogger, type Logger } from '../../../src/logger';
import { DatabaseError } from '../../../src/storage/database-error';

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

describe('Answers', () => {
  const observe = jest.fn();
  const answers = new Answers(createLogger('silent'), { maxTokens: 100, maxAnswerBytes: 1_000 }, observe);

  it('puts an error in place of an answer that is too large', () => {
    const data = { items: Array.from({ length: 100 }, (_, i) => ({ title: `item ${i}` })) };
    const answer = answers.finish({ data });
    expect(answer).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'ANSWER_TOO_LARGE' } }],
    });
    expect(answers.finish({ data: { title: 'short' } })).toEqual({ data: { title: 'short' } });
  });

  it('masks what is not for the caller, and counts it', () => {
    const shown = answers.format(new GraphQLError('at src/secret.ts', { path: ['a'] }));
    expect(shown).toMatchObject({ path: ['a'], extensions: { code: 'INTERNAL_SERVER_ERROR' } });
    expect(JSON.stringify(shown)).not.toContain('secret');
    answers.start()({ errors: [shown] });
    expect(observe).toHaveBeenLastCalledWith('invalid', 'INTERNAL_SERVER_ERROR', expect.any(Number));
  });
});
