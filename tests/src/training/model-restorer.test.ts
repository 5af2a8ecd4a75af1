import { ModelRestorer } from '../../../src/training/model-restorer';

describe('ModelRestorer', () => {
  let problems: (string | Error | null)[];
  let reported: string[];
  let attempts: number;
  /** The problem that it told of at each attempt. */
  let known: (string | null)[];
  let onDone: () => void;
  let restorer: ModelRestorer;

  beforeEach(() => {
    [reported, attempts, known] = [[], 0, []];
    const restore = async () => {
      attempts++;
      known.push(restorer.problem);
      const problem = problems.shift() ?? null;
      if (problem === null) setImmediate(() => onDone());
      if (problem instanceof Error) throw problem;
      return { modelVersion: null, problem };
    };
    restorer = new ModelRestorer({ live: { restore }, onProblem: (each) => reported.push(each), firstWaitMs: 1 });
  });
  afterEach(() => restorer.dispose());

  const untilDone = (start: () => void) =>
    new Promise<void>((resolve) => {
      onDone = resolve;
      start();
    });

  it('tries until the model is loaded, and tells of each problem once', async () => {
    problems = ['weights: damaged', 'weights: damaged', new Error('locked'), null];
    await untilDone(() => void restorer.restore());
    expect(attempts).toBe(4);
    expect(reported).toEqual(['weights: damaged', 'the active model cannot be loaded: locked']);
    expect(restorer.problem).toBeNull();
  });

  it('says what the problem is until then', async () => {
    problems = ['weights: damaged', null];
    await untilDone(() => void restorer.restore());
    expect(known).toEqual([null, 'weights: damaged']);
    expect(restorer.problem).toBeNull();
  });

  it('makes one attempt at a time, and another one for the next loss', async () => {
    problems = [];
    await untilDone(() => {
      restorer.restoreSoon();
      restorer.restoreSoon();
    });
    expect(attempts).toBe(1);
    await untilDone(() => restorer.restoreSoon());
    expect(attempts).toBe(2);
  });

  it('makes no attempt after it is disposed', async () => {
    problems = ['weights: damaged'];
    await restorer.restore();
    await restorer.dispose();
    restorer.restoreSoon();
    await restorer.dispose();
    expect(attempts).toBe(1);
  });
});
