import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';

import { openProgress, type Progress } from '../../../src/commands/progress';

async function shown(isTTY: boolean, use: (progress: Progress) => void): Promise<string> {
  const stream = Object.assign(new PassThrough(), { isTTY });
  use(openProgress('Working', stream));
  stream.end();
  return text(stream);
}

describe('openProgress', () => {
  it('writes plain lines where there is no terminal: one a tenth, however many updates', async () => {
    const output = await shown(false, (progress) => {
      for (let step = 0; step <= 1000; step++) progress.update(step, 1000, `loss ${step}`);
      progress.stop();
    });
    const lines = output.trim().split('\n');
    expect(lines).toHaveLength(11);
    expect(lines[0]).toBe('Working 0% loss 0');
    expect(lines[10]).toBe('Working 100% loss 1000');
  });

  it('counts work of no steps as done', async () => {
    expect(await shown(false, (progress) => progress.update(0, 0))).toBe('Working 100%\n');
  });

  it('draws a bar with the last note on a terminal', async () => {
    const output = await shown(true, (progress) => {
      progress.update(1, 4, 'begun');
      progress.update(4, 4, 'finished');
      progress.stop();
    });
    expect(output).toMatch(/Working .*100% finished/);
  });

  it('writes nothing when nothing was updated', async () => {
    for (const isTTY of [true, false]) expect((await shown(isTTY, (progress) => progress.stop())).trim()).toBe('');
  });
});
