import { pause } from '../../../src/waiting/polling';

describe('pause', () => {
  it('ends when its time is over', async () => {
    await expect(pause(1, new AbortController().signal)).resolves.toBeUndefined();
  });

  it('ends without an error when the signal is aborted, before it or during it', async () => {
    const abort = new AbortController();
    const paused = pause(1_000_000, abort.signal);
    abort.abort();
    await expect(paused).resolves.toBeUndefined();
    await expect(pause(1_000_000, abort.signal)).resolves.toBeUndefined();
  });
});
