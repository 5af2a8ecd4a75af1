import { MOST_CURVES, shownJobs } from '../../../../../web/src/pages/training/training-state';

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
