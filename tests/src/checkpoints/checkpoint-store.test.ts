import { openSoonFrom } from '../../../src/checkpoints/checkpoint-store';

describe('openSoonFrom', () => {
  it('fails while the store hangs, asks it once only, and takes what it gives at last', async () => {
    let answer: (folder: string) => void = () => undefined;
    const asked: string[] = [];
    const open = (key: string) => {
      asked.push(key);
      return asked.length === 1 ? new Promise<string>((resolve) => (answer = resolve)) : Promise.resolve('/data/a');
    };
    const openSoon = openSoonFrom({ open }, 1);
    const late = {
      name: 'CheckpointStoreError',
      message: expect.stringMatching(/^jobs\/a: expected it .*, got no answer/),
    };
    await expect(openSoon('jobs/a')).rejects.toMatchObject(late);
    await expect(openSoon('jobs/a')).rejects.toMatchObject(late);
    expect(asked).toEqual(['jobs/a']);
    answer('/data/a');
    await new Promise(setImmediate);
    expect(await openSoon('jobs/a')).toBe('/data/a');
    expect(asked).toHaveLength(2);
  });
});
