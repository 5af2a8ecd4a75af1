import { fetchPatiently } from '../../../../web/src/app/patient-fetch';

const AWAY = () => Promise.reject(new TypeError('Failed to fetch'));
const answer = (status: number) => () => Promise.resolve(new Response('', { status }));

describe('fetchPatiently', () => {
  const fetch = jest.spyOn(globalThis, 'fetch');
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());
  afterAll(() => fetch.mockRestore());

  /** Answers each request by its URL. @returns What was asked for since. */
  function serve(answers: Record<string, () => Promise<Response>>): string[] {
    const asked: string[] = [];
    fetch.mockImplementation((url) => (asked.push(String(url)), answers[String(url)]()));
    return asked;
  }

  it('asks again for what is missing until it is there', async () => {
    const answers = { '/a': answer(200), '/b': AWAY, '/c': answer(502) };
    const asked = serve(answers);
    let isDone = false;
    const done = fetchPatiently(['/a', '/b', '/c']).then(() => (isDone = true));
    await jest.advanceTimersByTimeAsync(2_000);
    expect(asked.splice(0)).toEqual(['/a', '/b', '/c', '/b']);
    Object.assign(answers, { '/b': answer(200) });
    await jest.advanceTimersByTimeAsync(2_000);
    expect(asked.splice(0)).toEqual(['/b', '/b', '/c']);
    expect(isDone).toBe(false);
    Object.assign(answers, { '/c': answer(200) });
    await jest.advanceTimersByTimeAsync(2_000);
    await done;
    expect(asked).toEqual(['/c', '/c']);
  });

  it('does not wait for what the server has no more', async () => {
    serve({ '/a': answer(200), '/b': answer(404) });
    await expect(fetchPatiently(['/a', '/b'])).rejects.toThrow('page: expected /b, got 404');
  });
});
