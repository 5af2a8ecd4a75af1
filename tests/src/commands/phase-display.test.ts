import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';

import { PhaseDisplay } from '../../../src/commands/progress';

describe('PhaseDisplay', () => {
  it('completes a phase without its last step before it begins the next', async () => {
    const stream = new PassThrough();
    const display = new PhaseDisplay(stream);
    display.show({ phase: 'TOKENIZER', step: 3, totalSteps: 10, loss: 1.5, secondsLeft: 6.2 });
    display.show({ phase: 'SEQ2SEQ', step: 0, totalSteps: 4, loss: null, secondsLeft: null });
    display.show({ phase: 'DONE', step: 1, totalSteps: 1, loss: null, secondsLeft: null });
    display.stop();
    stream.end();
    expect((await text(stream)).split('\n')).toEqual([
      'Learning codebooks            30% loss 1.500, 7 s left',
      'Learning codebooks            100%',
      'Learning histories            0%',
      'Learning histories            100%',
      '',
    ]);
  });
});
