import { shortInput } from '../../../graphql/audit/short-input';

describe('shortInput', () => {
  it.each<[string, unknown, string]>([
    ['plain values', { name: 'shop', role: 'ADMIN', dryRun: false }, '{"name":"shop","role":"ADMIN","dryRun":false}'],
    ['a few ids', { itemIds: ['a', 'b'] }, '{"itemIds":["a","b"]}'],
    ['many ids by their number', { itemIds: Array(6).fill('a') }, '{"itemIds":"6 entries"}'],
    ['objects by their number', { items: [{ title: 'x' }] }, '{"items":"1 entries"}'],
    ['a long text by its beginning', { name: 'x'.repeat(61) }, `{"name":"${'x'.repeat(60)}…"}`],
    ['no secret', { secret: 'abc', password: 'abc', token: 'abc' }, '{"secret":"***","password":"***","token":"***"}'],
    ['no users but their number', { userExternalIds: ['ann', 'bob'] }, '{"userExternalIds":"2 entries"}'],
    ['not even one alone', { userExternalIds: 'ann' }, '{"userExternalIds":"1 entries"}'],
    ['a time', { expiresAt: new Date(0) }, '{"expiresAt":"1970-01-01T00:00:00.000Z"}'],
    ['characters that databases refuse as escapes', { name: 'a\0\ud800' }, '{"name":"a\\u0000\\ud800"}'],
    ['no input at all', undefined, ''],
  ])('keeps %s', (_what, input, text) => {
    expect(shortInput(input)).toBe(text);
  });

  it('is never longer than 500 characters', () => {
    const input = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`field${i}`, 'x'.repeat(50)]));
    expect(shortInput(input)).toHaveLength(501);
  });
});
