import { buffersOf } from '../../../src/workers/buffers-of';

describe('buffersOf', () => {
  it('finds each buffer of a message once, however deep it lies', () => {
    const one = new Float32Array(4);
    const two = new Int32Array(2);
    const message = { one, half: one.subarray(2), list: [null, { two }], text: 'text', none: null, number: 3 };
    expect(buffersOf(message)).toEqual([one.buffer, two.buffer]);
  });

  it('leaves out what threads share', () => {
    expect(buffersOf({ shared: new Int32Array(new SharedArrayBuffer(8)) })).toEqual([]);
  });
});
