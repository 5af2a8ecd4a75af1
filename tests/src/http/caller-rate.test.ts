import type { Caller } from '../../../graphql/api-key/records';
import { type CallerRate, createCallerRate } from '../../../src/http/caller-rate';

const KEY: Caller = { role: 'WRITER', key: { id: 7, name: 'till' }, userExternalId: null, expiresAt: null };
const USER: Caller = { role: 'STOREFRONT', key: null, userExternalId: '10.0.0.1', expiresAt: null };

describe('createCallerRate', () => {
  let nowMs: number;
  let rate: CallerRate;
  beforeEach(() => {
    nowMs = 5_000;
    rate = createCallerRate(10, () => nowMs);
  });

  /** @returns How many of so many operations may begin now. */
  function admitted(count: number, caller: Caller | null = null, address = '10.0.0.1'): number {
    let number = 0;
    for (let i = 0; i < count; i++) {
      try {
        rate.spend(caller, address);
        number++;
      } catch (error) {
        expect(error).toMatchObject({ extensions: { code: 'TOO_MANY_OPERATIONS', retryAfterSeconds: 1 } });
      }
    }
    return number;
  }

  it("lets a second's worth begin at once, and then one in each part of a second", () => {
    expect(admitted(30)).toBe(10);
    nowMs += 99;
    expect(admitted(5)).toBe(0);
    nowMs += 1;
    expect(admitted(5)).toBe(1);
  });

  it('has no edge at which twice as many may begin', () => {
    nowMs += 999;
    expect(admitted(20)).toBe(10);
    nowMs += 2;
    expect(admitted(20)).toBe(0);
  });

  it('lets no more begin after a long rest', () => {
    expect(admitted(1)).toBe(1);
    nowMs += 3_600_000;
    expect(admitted(30)).toBe(10);
  });

  it('counts keys, users and addresses apart', () => {
    expect(admitted(30)).toBe(10);
    expect(admitted(30, KEY)).toBe(10);
    expect(admitted(30, USER)).toBe(10);
    expect(admitted(30, null, '10.0.0.2')).toBe(10);
    expect(admitted(30, KEY, '10.0.0.3')).toBe(0);
  });

  it('is exact for rates that do not divide a second', () => {
    rate = createCallerRate(7, () => nowMs);
    expect(admitted(30)).toBe(7);
  });
});
