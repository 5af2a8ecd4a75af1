import { contextsOf } from '../../../src/api/context';
import { createFakeServices, fakeAccess, KEYS } from '../../support/fake-ports';

const services = createFakeServices();
const open = contextsOf(services, fakeAccess('open'));
const closed = contextsOf(services, fakeAccess('key'));

describe('contextsOf', () => {
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
  ])('refuses %s', async (_what, createContext, authorization, message) => {
    await expect(createContext(authorization)).rejects.toMatchObject({
      message,
      extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
    });
  });

  it('waits ten seconds for a database that says nothing', async () => {
    jest.useFakeTimers();
    try {
      const silent = { ...services.apiKeys, keyOf: () => new Promise<never>(() => undefined) };
      const context = contextsOf({ ...services, apiKeys: silent }, fakeAccess('open'))(`Bearer ${KEYS.READER}`);
      const refused = expect(context).rejects.toMatchObject({ extensions: { code: 'DATABASE_UNAVAILABLE' } });
      await jest.advanceTimersByTimeAsync(10_000);
      await refused;
    } finally {
      jest.useRealTimers();
    }
  });
});
