import { addressOf, paramsOf } from '../../../../../web/src/components/url-state/fragment';

describe('addressOf', () => {
  it('puts long values behind the #, and finds them there or where old links have them', () => {
    const params = new URLSearchParams({ operation: 'shop', document: '{ a & b }', variables: '' });
    const address = addressOf(params, ['document', 'variables']);
    expect(address.search).toBe('operation=shop');
    const { search, hash } = new URL(`http://localhost/api?${address.search}#${address.hash}`);
    expect(Object.fromEntries(paramsOf({ search, hash }))).toEqual(Object.fromEntries(params));
    expect(paramsOf({ search: '?document=old', hash: '' }).get('document')).toBe('old');
  });
});
