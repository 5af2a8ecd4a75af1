import { Writable } from 'node:stream';

import { GraphQLError } from 'graphql';

import { createFormatError, PUBLIC_CODES } from '../../src/errors';
import { createLogger } from '../../src/logger';

function setUp() {
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  return { lines, formatError: createFormatError(createLogger('info', stream)) };
}

const located = (error: Error, field: string) =>
  new GraphQLError(error.message, { originalError: error, path: [field] });

describe('createFormatError', () => {
  it.each(PUBLIC_CODES)('lets %s through as it is', (code) => {
    const { formatError, lines } = setUp();
    const error = new GraphQLError('first: expected …', { extensions: { code, more: 1 } });
    expect(formatError(error.toJSON(), error)).toEqual({ message: 'first: expected …', extensions: { code, more: 1 } });
    expect(lines).toEqual([]);
  });

  it('hides any other error behind the id under which the log has it', () => {
    const { formatError, lines } = setUp();
    const error = located(new Error('SELECT secret FROM api_keys'), 'item');
    const formatted = formatError(error.toJSON(), error);
    expect(JSON.stringify(formatted)).not.toMatch(/SELECT|secret|stack/);
    expect(formatted).toMatchObject({ path: ['item'], extensions: { code: 'INTERNAL_SERVER_ERROR' } });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      errorId: formatted.extensions?.errorId,
      err: { message: 'SELECT secret FROM api_keys', stack: expect.stringContaining('errors.test.ts') },
    });
  });

  it('hides a code that is not for callers', () => {
    const { formatError } = setUp();
    const error = new GraphQLError('inside', { extensions: { code: 'P2002', table: 'ApiKey' } });
    expect(JSON.stringify(formatError(error.toJSON(), error))).not.toMatch(/inside|P2002|ApiKey/);
  });

  it('logs an error that reaches many fields once, under one id', () => {
    const { formatError, lines } = setUp();
    const failure = new Error('worker died');
    const ids = ['a', 'b', 'c'].map((field) => {
      const error = located(failure, field);
      return formatError(error.toJSON(), error).extensions?.errorId;
    });
    expect(new Set(ids).size).toBe(1);
    expect(lines).toHaveLength(1);
  });
});
