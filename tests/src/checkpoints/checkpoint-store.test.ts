import { openSoonFrom } from '../../../src/checkpoints/checkpoint-store';

describe('openSoonFrom', () => {
  it('fails while the store hangs, and takes what it gives at last', async () => {
    let answer: (folder: string) => void = () => undefined;
    const opening = new Promise<string>((resolve) => (answer = resolve));
    const openSoon = openSoonFrom({ open: () => opening }, 1);
    await expect(openSoon('jobs/a')).rejects.toMatchObject({
      name: 'CheckpointStoreError',
      message: expect.stringMatching(/^jobs\/a: expected it .*, got no answer/),
    });
    answer('/data/a');
    expect(await openSoon('jobs/a')).toBe('/data/a');
  });
});
