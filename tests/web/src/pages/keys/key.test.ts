import { keyState } from '../../../../../web/src/pages/keys/key';

describe('keyState', () => {
  const now = new Date('2030-01-01T00:00:00Z');
  it.each([
    ['valid', { expiresAt: null, revokedAt: null }],
    ['valid', { expiresAt: '2030-01-01T00:00:01Z', revokedAt: null }],
    ['ended', { expiresAt: '2030-01-01T00:00:00Z', revokedAt: null }],
    ['revoked', { expiresAt: '2031-01-01T00:00:00Z', revokedAt: '2029-01-01T00:00:00Z' }],
  ])('is %s for %j', (state, key) => expect(keyState(key, now)).toBe(state));
});
