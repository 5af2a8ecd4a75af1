import { MOST_CURVES, shownJobs } from '../../../../../web/src/pages/training/training-state';
import { type LogLine, withPhase } from '../../../../../web/src/pages/training/use-training-feed';

describe('shownJobs', () => {
  it('draws the newest until somebody chooses, and nothing when the last tick is taken away', () => {
    expect(shownJobs(null, 'new')).toEqual(['new']);
    expect(shownJobs(null, undefined)).toEqual([]);
    expect(shownJobs([], 'new')).toEqual([]);
    expect(shownJobs(['a', 'b'], 'new')).toEqual(['a', 'b']);
  });

  it('draws as many as the server answers about, whatever an address asks for', () => {
    const jobs = Array.from({ length: 130 }, (_, index) => String(index));
    expect(shownJobs(jobs, 'new')).toEqual(jobs.slice(0, MOST_CURVES));
  });
});

describe('withPhase', () => {
  const line = (jobId: string, phase: LogLine['phase']): LogLine => ({ jobId, phase, at: 'now', totalSteps: 1 });

  it('has one line a phase, also when a job reports its phase again after a lost connection', () => {
    const log = [line('a', 'FEATURES'), line('b', 'SEQ2SEQ')];
    expect(withPhase(log, line('a', 'FEATURES'))).toBe(log);
    expect(withPhase(log, line('a', 'TOKENIZER'))).toEqual([...log, line('a', 'TOKENIZER')]);
    expect(withPhase(log, line('c', 'FEATURES'))).toEqual([...log, line('c', 'FEATURES')]);
  });
});
