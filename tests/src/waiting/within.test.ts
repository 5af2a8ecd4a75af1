import { withTimeout } from '../../../src/waiting/promises';

const NEVER = new Promise<never>(() => undefined);
const LONG_MS = 1_000_000;

describe('withTimeout', () => {
  it('gives what comes in time, an error too', async () => {
    expect(await withTimeout(LONG_MS, Promise.resolve('in time'), 'late')).toBe('in time');
    await expect(withTimeout(LONG_MS, Promise.reject(new Error('failed')), 'late')).rejects.toThrow('failed');
  });

  it('gives something else when nothing comes', async () => {
    expect(await withTimeout(1, NEVER, 'late')).toBe('late');
  });

  it('forgets an error that comes too late', async () => {
    let fail = (_: Error) => undefined as void;
    const late = new Promise<never>((_, reject) => (fail = reject));
    expect(await withTimeout(1, late, 'late')).toBe('late');
    fail(new Error('nobody waits for this'));
    await new Promise(setImmediate);
  });
});
