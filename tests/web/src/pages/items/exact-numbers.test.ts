import { isExact } from '../../../../../web/src/pages/items/exact-numbers';

describe('isExact', () => {
  it.each(['1', '-9007199254740991', '0.1', '1e-7', '"9007199254740993"', 'null', '[1, {"a": 2.5}]'])(
    'is true of %s',
    (json) => {
      expect(isExact(JSON.parse(json))).toBe(true);
    },
  );

  it.each(['9007199254740993', '-1e300', '[1, {"a": [9007199254740992]}]'])('is false of %s', (json) => {
    expect(isExact(JSON.parse(json))).toBe(false);
  });
});
