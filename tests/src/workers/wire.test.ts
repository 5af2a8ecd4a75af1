import { packError, unpackError } from '../../../src/workers/wire';

describe('packError and unpackError', () => {
  class OwnError extends Error {
    override readonly name = 'OwnError';
  }

  it('keep name, message and stack, which structured clone would not', () => {
    const error = new OwnError('codes: expected 4, got 3');
    const arrived = unpackError(structuredClone(packError(error)));
    expect(arrived).toBeInstanceOf(Error);
    expect([arrived.name, arrived.message, arrived.stack]).toEqual([
      'OwnError',
      'codes: expected 4, got 3',
      error.stack,
    ]);
  });

  it('make an error of whatever else was thrown', () => {
    expect(unpackError(packError('out of luck'))).toMatchObject({ name: 'Error', message: 'out of luck' });
    expect(unpackError(packError(undefined)).message).toBe('undefined');
    expect(unpackError(packError('x')).stack).toContain('wire.test');
  });
});
