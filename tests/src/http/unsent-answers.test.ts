import { UnsentAnswers } from '../../../src/http/unsent-answers';

const LARGE = 'x'.repeat(100_000);

describe('UnsentAnswers', () => {
  it('takes four of the largest answers of one caller, and sixteen in all, and small ones in any case', () => {
    const unsent = new UnsentAnswers({ maxAnswerBytes: LARGE.length });
    const sent = [1, 2, 3, 4].map(() => unsent.add('a', LARGE));
    expect(['a', 'b'].map((caller) => unsent.mayAdd(caller, LARGE))).toEqual([false, true]);
    expect(unsent.mayAdd('a', { data: null })).toBe(true);
    for (const caller of ['b', 'c', 'd']) for (let i = 0; i < 4; i++) unsent.add(caller, LARGE);
    expect(unsent.mayAdd('e', LARGE)).toBe(false);
    sent[0]();
    expect(['a', 'e'].map((caller) => unsent.mayAdd(caller, LARGE))).toEqual([true, true]);
  });
});
