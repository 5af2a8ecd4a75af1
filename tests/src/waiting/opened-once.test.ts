import { openOnce } from '../../../src/waiting/promises';

describe('openOnce', () => {
  it('opens once for all calls', async () => {
    let opened = 0;
    const use = openOnce(async () => ++opened);
    expect(await Promise.all([use(), use()])).toEqual([1, 1]);
    expect(await use()).toBe(1);
  });

  it('tries again after a failure', async () => {
    let tries = 0;
    const use = openOnce(async () => {
      if (++tries === 1) throw new Error('no memory');
      return tries;
    });
    const first = await Promise.allSettled([use(), use()]);
    expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect([await use(), await use()]).toEqual([2, 2]);
  });
});
