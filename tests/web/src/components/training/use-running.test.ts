import { hasEnded, type TrainingReport, withNewest } from '../../../../../web/src/components/training/use-running';

const report = (id: string, phase: TrainingReport['phase'], status: TrainingReport['job']['status'] = 'RUNNING') => ({
  job: { id, status },
  phase,
});

describe('withNewest', () => {
  it('has the newest report of each job that runs, and none of those that wait or have ended', () => {
    const newest = report('a', 'SEQ2SEQ');
    const all = [report('a', 'FEATURES'), report('b', 'FEATURES'), report('c', 'FEATURES', 'QUEUED'), newest];
    const running = all.reduce(withNewest, new Map() as ReadonlyMap<string, TrainingReport>);
    expect([...running.keys()]).toEqual(['a', 'b']);
    expect(running.get('a')).toBe(newest);
    for (const end of [report('a', 'DONE'), report('a', 'SEQ2SEQ', 'FAILED'), report('a', 'SEQ2SEQ', 'CANCELLED')])
      expect([...withNewest(running, end).keys()]).toEqual(['b']);
    expect(running.size).toBe(2); // what was shown is as it was
  });
});

describe('hasEnded', () => {
  it('is true of the last phase, and of a job that neither runs nor waits', () => {
    expect(hasEnded(report('a', 'EVALUATION'))).toBe(false);
    expect(hasEnded(report('a', 'FEATURES', 'QUEUED'))).toBe(false);
    expect(hasEnded(report('a', 'DONE'))).toBe(true);
    expect(hasEnded(report('a', 'SEQ2SEQ', 'SUCCEEDED'))).toBe(true);
  });
});
