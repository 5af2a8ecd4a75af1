import { createMemoryRouter } from 'react-router';

import {
  changedSearch,
  flagValue,
  listOrNull,
  listValue,
  numberOr,
  numberValue,
  oneOf,
  textValue,
  type UrlValue,
} from '../../../../../web/src/components/url-state/use-url-state';

describe('changedSearch', () => {
  const router = createMemoryRouter([{ path: '/' }], { initialEntries: ['/?page=1'] });
  const shape = { a: flagValue, long: textValue, page: numberValue };
  const change = (changes: { a?: boolean; long?: string; page?: number }, replace = true) =>
    router.navigate({ search: changedSearch(router.state.location.search, shape, changes) }, { replace });
  afterAll(() => router.dispose());

  it('keeps each of several changes in one tick, and the way back to before them', async () => {
    router.initialize();
    void change({ a: true }, false);
    void change({ long: 'text' });
    await change({ page: 2 });
    expect(router.state.location.search).toBe('?page=2&a=1&long=text');
    await router.navigate(-1);
    expect(router.state.location.search).toBe('?page=1');
  });
});

describe('UrlValue', () => {
  it.each<[string, UrlValue<unknown>, unknown, string | null]>([
    ['text', textValue as UrlValue<unknown>, 'a&b', 'a&b'],
    ['empty text', textValue as UrlValue<unknown>, '', null],
    ['number', numberValue as UrlValue<unknown>, 2.5, '2.5'],
    ['no number', numberValue as UrlValue<unknown>, null, null],
    ['usual number', numberOr(7) as UrlValue<unknown>, 7, null],
    ['flag', flagValue as UrlValue<unknown>, true, '1'],
    ['list', listValue as UrlValue<unknown>, ['a,b', 'ü'], 'a%2Cb,%C3%BC'],
    ['list that was emptied', listOrNull as UrlValue<unknown>, [], ''],
    ['list that was not given', listOrNull as UrlValue<unknown>, null, null],
    ['choice', oneOf(['x', 'y'], 'x') as UrlValue<unknown>, 'y', 'y'],
  ])('brings a %s back from an address', (_, value, wanted, text) => {
    expect(value.write(wanted)).toBe(text);
    expect(value.read(text)).toEqual(wanted);
  });

  it('takes the default for what makes no sense', () => {
    expect(numberOr(7).read('many')).toBe(7);
    expect(oneOf(['x', 'y'], 'x').read('z')).toBe('x');
    expect(numberValue.read('')).toBeNull();
    expect(listValue.read('50%,a%2Cb')).toEqual(['50%', 'a,b']);
  });
});
