import { type LogLine, withPhase } from '../../../../../web/src/pages/training/use-training-feed';

describe('withPhase', () => {
  const line = (jobId: string, phase: LogLine['phase']): LogLine => ({ jobId, phase, at: 'now', totalSteps: 1 });

  it('has one line a phase, also when a job reports its phase again', () => {
    const log = [line('a', 'FEATURES'), line('b', 'SEQ2SEQ')];
    expect(withPhase(log, line('a', 'FEATURES'))).toBe(log);
    expect(withPhase(log, line('a', 'TOKENIZER'))).toEqual([...log, line('a', 'TOKENIZER')]);
    expect(withPhase(log, line('c', 'FEATURES'))).toEqual([...log, line('c', 'FEATURES')]);
  });
});
