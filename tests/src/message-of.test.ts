import { runInNewContext } from 'node:vm';

import { messageOf } from '../../src/message-of';

describe('messageOf', () => {
  it('gives the message of an error, of this realm or another', () => {
    expect(messageOf(new TypeError('wrong'))).toBe('wrong');
    expect(messageOf(runInNewContext('new Error("far")'))).toBe('far');
  });

  it.each([
    ['a text', 'a text'],
    [null, 'null'],
    [undefined, 'undefined'],
    [7, '7'],
  ])('writes %j, which is no error, as text', (thrown, text) => {
    expect(messageOf(thrown)).toBe(text);
  });
});
