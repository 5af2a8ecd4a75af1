import '../../../support/tab-globals';

import { checkKey, keyStore } from '../../../../web/src/app/key-store';
import { answerOf } from '../../../support/console-client';

describe('keyStore', () => {
  afterEach(() => keyStore.set(null));

  it('keeps the key for this tab, and forgets it', () => {
    expect(keyStore.get()).toBeNull();
    keyStore.set('one');
    expect(keyStore.get()).toBe('one');
    expect(sessionStorage.getItem('tigerql.key')).toBe('one');
    keyStore.set(null);
    expect(keyStore.get()).toBeNull();
    expect(sessionStorage.getItem('tigerql.key')).toBeNull();
  });
});

describe('checkKey', () => {
  const fetch = jest.spyOn(globalThis, 'fetch');
  afterEach(() => fetch.mockReset());
  afterAll(() => fetch.mockRestore());

  it.each(['ключ', 'a b', 'a\u00a0', ''])('says that %j cannot be a key, without asking the server', async (key) => {
    expect(await checkKey(key)).toBe('A key has only letters, digits and signs.');
    expect(fetch).not.toHaveBeenCalled();
  });

  it.each<[string | null, object]>([
    [null, { data: { viewer: { role: 'ADMIN' } } }],
    ['The server does not know this key.', { errors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }] }],
    ['too much', { errors: [{ message: 'too much', extensions: { code: 'OVERLOADED' } }] }],
  ])('says %j when the server answers %j to the key', async (fault, answer) => {
    fetch.mockImplementation(async () => answerOf(answer));
    expect(await checkKey('secret')).toBe(fault);
    expect(fetch.mock.calls[0][1]?.headers).toMatchObject({ authorization: 'Bearer secret' });
  });

  it('does not take a server that is away, or an answer of something else, for a wrong key', async () => {
    fetch.mockRejectedValueOnce(new Error('gone')).mockResolvedValueOnce(new Response('<html>', { status: 502 }));
    for (let i = 0; i < 2; i++)
      expect(await checkKey('secret')).toBe('The server does not answer. Try again in a moment.');
  });
});
