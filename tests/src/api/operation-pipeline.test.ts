import { getMaxListeners } from 'node:events';

import { execute, type ExecutionResult, GraphQLError } from 'graphql';

import { createOperationPipeline } from '../../../src/api/operation-pipeline';
import { CancelledError, PublicError } from '../../../src/errors';
import { createFakeApp, testConfig } from '../../support/fake-ports';

function setUp() {
  const app = createFakeApp();
  const observed: [operation: string, outcome: string][] = [];
  const pipeline = createOperationPipeline({
    app,
    limits: testConfig().limits,
    observe: (operation, outcome) => observed.push([operation, outcome]),
  });
  return { app, pipeline, observed };
}

describe('createOperationPipeline', () => {
  it('takes an operation from its text to its answer', async () => {
    const { pipeline } = setUp();
    const context = await pipeline.authorise(undefined);
    const query = 'query One { __typename } query Two($id: String!) { item(externalId: $id) { title } }';
    const prepared = pipeline.prepare({ query, operationName: 'Two', variables: { id: 'item-2' } });
    expect(prepared.errors).toEqual([]);
    const result = (await execute(pipeline.argumentsOf(prepared, context))) as ExecutionResult;
    expect(JSON.parse(JSON.stringify(pipeline.answer(result, context)))).toEqual({
      data: { item: { title: 'Item 2' } },
    });
  });

  it('has the operation of a request that it refuses for its size, but not of one that it cannot read', () => {
    const { pipeline } = setUp();
    const aliases = Array.from({ length: 60 }, (_, i) => `a${i}: __typename`).join(' ');
    expect(pipeline.prepare({ query: `{ ${aliases} }` })).toMatchObject({ operation: { operation: 'query' } });
    expect(pipeline.prepare({ query: '{ nothing }' })).toMatchObject({ document: null, operation: null });
  });

  it('makes no arguments for an operation that it has refused', async () => {
    const { pipeline } = setUp();
    const prepared = pipeline.prepare({ query: '{ nothing }' });
    const context = await pipeline.authorise(undefined);
    expect(() => pipeline.argumentsOf(prepared, context)).toThrow('operation: expected one that was not refused');
  });

  it('runs no query that nobody waits for', async () => {
    const { app, pipeline } = setUp();
    const life = new AbortController();
    const context = await pipeline.authorise(undefined, life);
    life.abort(new CancelledError());
    const prepared = pipeline.prepare({ query: '{ items(first: 1) { nodes { id } } }' });
    const { data, errors } = await pipeline.execute(pipeline.argumentsOf(prepared, context));
    expect([data, errors?.[0]]).toEqual([undefined, life.signal.reason]);
    expect(app.services.calls).toEqual([]);
  });

  it('lets as many lists of an operation wait as there are, without a warning of a leak', async () => {
    const { pipeline } = setUp();
    const life = new AbortController();
    await pipeline.authorise(undefined, life);
    expect(getMaxListeners(life.signal)).toBe(Infinity);
  });

  it('adds the notes of the context to the extensions', async () => {
    const { pipeline } = setUp();
    const context = await pipeline.authorise(undefined);
    expect(pipeline.answer({ data: {} }, context)).toEqual({ data: {} });
    context.notes.set('skippedItems', ['a']);
    const result = { data: {}, extensions: { own: 1 } };
    expect(pipeline.answer(result, context).extensions).toEqual({ own: 1, skippedItems: ['a'] });
  });

  it('gives the first 50 errors of an answer, and says how many there are', async () => {
    const { pipeline } = setUp();
    const context = await pipeline.authorise(undefined);
    const error = new PublicError('FORBIDDEN', 'field: expected …', 403);
    const errorsOf = (count: number) => pipeline.answer({ errors: new Array(count).fill(error), data: {} }, context);
    expect(errorsOf(50).errors).toHaveLength(50);
    const { errors = [], data } = errorsOf(4_200);
    expect([errors.length, data]).toEqual([51, {}]);
    expect(errors[50]).toEqual({
      message: 'errors: expected at most 50 in an answer, got 4200; the others are left out',
      extensions: { code: 'ANSWER_TOO_LARGE' },
    });
  });

  it('counts errors towards the size of an answer', async () => {
    const { pipeline } = setUp();
    const context = await pipeline.authorise(undefined);
    const error = new PublicError('FORBIDDEN', 'x'.repeat(testConfig().limits.maxAnswerBytes), 403);
    const { data, errors } = pipeline.answer({ errors: [error], data: {} }, context);
    expect([data, errors]).toEqual([null, [expect.objectContaining({ extensions: { code: 'ANSWER_TOO_LARGE' } })]]);
  });

  it('shows clients the code of a public error, but not its HTTP status', () => {
    const { pipeline } = setUp();
    const error = new PublicError('FORBIDDEN', 'field: expected …', 403);
    expect(pipeline.format(error)).toEqual({ message: 'field: expected …', extensions: { code: 'FORBIDDEN' } });
  });

  it('masks an error that is thrown before there is an operation', () => {
    const { app, pipeline } = setUp();
    const { message, extensions } = pipeline.format(new TypeError('inside'));
    expect(message).not.toContain('inside');
    expect(app.logLines).toMatchObject([{ errorId: extensions?.errorId, err: { message: 'inside' } }]);
  });

  it('counts by the code that clients see, so that codes inside the server make no labels', () => {
    const { pipeline, observed } = setUp();
    const { operation } = pipeline.prepare({
      query: 'mutation { revokeApiKey(input: { apiKeyId: "x" }) { revoked } }',
    });
    pipeline.start()({ operation });
    pipeline.start()({ operation, errors: [new GraphQLError('', { extensions: { code: 'P2002' } })] });
    pipeline.start()({ errors: [new PublicError('UNAUTHENTICATED', '', 401)] });
    expect(observed).toEqual([
      ['mutation', 'ok'],
      ['mutation', 'INTERNAL_SERVER_ERROR'],
      ['invalid', 'UNAUTHENTICATED'],
    ]);
  });
});
