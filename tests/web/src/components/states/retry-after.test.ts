import { retryAfterOf } from '../../../../../web/src/components/states/retry-after';

describe('retryAfterOf', () => {
  it('says when to ask again', () => {
    expect(retryAfterOf([{ extensions: { code: 'TOO_MANY_OPERATIONS', retryAfterSeconds: 4 } }])).toBe(4);
    expect(retryAfterOf([{ extensions: { code: 'OVERLOADED' } }])).toBe(1);
    expect(retryAfterOf([{ extensions: { code: 'FORBIDDEN' } }, {}])).toBeNull();
  });
});
