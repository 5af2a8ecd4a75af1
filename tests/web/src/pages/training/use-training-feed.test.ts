import type { LiveProgressFragment } from '../../../../../web/src/graphql/graphql';
import { LivePoints, type LogLine, withPhase } from '../../../../../web/src/pages/training/use-training-feed';

describe('withPhase', () => {
  const line = (jobId: string, phase: LogLine['phase']): LogLine => ({ jobId, phase, at: 'now', totalSteps: 1 });

  it('has one line a phase, also when a job reports its phase again', () => {
    const log = [line('a', 'FEATURES'), line('b', 'SEQ2SEQ')];
    expect(withPhase(log, line('a', 'FEATURES'))).toBe(log);
    expect(withPhase(log, line('a', 'TOKENIZER'))).toEqual([...log, line('a', 'TOKENIZER')]);
    expect(withPhase(log, line('c', 'FEATURES'))).toEqual([...log, line('c', 'FEATURES')]);
  });
});

describe('LivePoints', () => {
  const report = (id: string, phase: LiveProgressFragment['phase'], changes: Partial<LiveProgressFragment>) =>
    ({ job: { id }, phase, loss: null, metrics: [], ...changes }) as LiveProgressFragment;

  it('keeps each figure under the name that the server stores it by', () => {
    const points = new LivePoints();
    const rate = { name: 'learningRate', value: 0.1 } as LiveProgressFragment['metrics'][number];
    points.add(report('a', 'TOKENIZER', { step: 1, loss: 5 }));
    points.add(report('a', 'SEQ2SEQ', { step: 2, loss: 3, metrics: [rate] }));
    points.add(report('a', 'SEQ2SEQ', { step: 3, loss: 0 }));
    points.add(report('b', 'SEQ2SEQ', { step: 9, loss: 8 }));
    expect(points.of('a', 'tokenizer.loss')).toEqual([{ step: 1, value: 5 }]);
    expect(points.of('a', 'loss')).toEqual([
      { step: 2, value: 3 },
      { step: 3, value: 0 },
    ]);
    expect(points.of('a', 'learningRate')).toEqual([{ step: 2, value: 0.1 }]);
    expect(points.of('c', 'loss')).toEqual([]);
  });
});
