import { callerOf } from '../../../src/api/context';
import { createFakeServices, fakeAccess, KEYS } from '../../support/fake-ports';

const { apiKeys } = createFakeServices();
const [open, closed] = (['open', 'key'] as const).map((access) => fakeAccess(access));

describe('callerOf', () => {
  it.each([
    [
      'no key where reading needs one',
      closed,
      undefined,
      'authorization: expected "Bearer <key>", got none; createApiKey makes keys',
    ],
    ['an empty header', open, '', 'authorization: expected "Bearer <key>", got none; createApiKey makes keys'],
    [
      'another scheme',
      open,
      'Basic abc',
      'authorization: expected "Bearer <key>", got another form; createApiKey makes keys',
    ],
    [
      'an unknown key',
      open,
      'Bearer nobody',
      'authorization: expected a valid API key, got an unknown or expired one; createApiKey makes another',
    ],
  ])('refuses %s', async (_what, access, authorization, message) => {
    await expect(callerOf(authorization, apiKeys, access)).rejects.toMatchObject({
      message,
      extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
    });
  });

  it('waits ten seconds for a database that says nothing', async () => {
    jest.useFakeTimers();
    try {
      const silent = { ...apiKeys, keyOf: () => new Promise<never>(() => undefined) };
      const refused = expect(callerOf(`Bearer ${KEYS.READER}`, silent, open)).rejects.toMatchObject({
        extensions: { code: 'DATABASE_UNAVAILABLE' },
      });
      await jest.advanceTimersByTimeAsync(10_000);
      await refused;
    } finally {
      jest.useRealTimers();
    }
  });
});
