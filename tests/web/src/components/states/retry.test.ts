import { CombinedError } from 'urql';

import { growingWaitMs, retryAfterOf, secondsToWait } from '../../../../../web/src/components/states/retry';

describe('retryAfterOf', () => {
  it('says when to ask again', () => {
    expect(retryAfterOf([{ extensions: { code: 'TOO_MANY_OPERATIONS', retryAfterSeconds: 4 } }])).toBe(4);
    expect(retryAfterOf([{ extensions: { code: 'OVERLOADED' } }])).toBe(1);
    expect(retryAfterOf([{ extensions: { code: 'FORBIDDEN' } }, {}])).toBeNull();
  });
});

describe('secondsToWait', () => {
  const noAnswer = (status?: number) => secondsToWait(new CombinedError({ networkError: new Error(), response: status && { status } })); // prettier-ignore
  it('asks again where a proxy says that the server is away, or nobody answers', () => {
    expect([502, 503, 504, undefined].map(noAnswer)).toEqual([2, 2, 2, 2]);
    expect([200, 400, 500].map(noAnswer)).toEqual([null, null, null]);
  });
});

describe('growingWaitMs', () => {
  it('waits twice as long each time, up to half a minute, and never shorter than the server wants it', () => {
    expect([0, 1, 2, 3, 4, 9].map((attempt) => growingWaitMs(2, attempt) / 1_000)).toEqual([2, 4, 8, 16, 30, 30]);
    expect([0, 5].map((attempt) => growingWaitMs(60, attempt) / 1_000)).toEqual([60, 60]);
  });
});
