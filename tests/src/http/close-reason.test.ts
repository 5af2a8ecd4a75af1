import { closeReason } from '../../../src/http/close-reason';

describe('closeReason', () => {
  it.each([
    ['short', 'short'],
    ['x'.repeat(123), 'x'.repeat(123)],
    ['x'.repeat(124), 'x'.repeat(123)],
    ['é'.repeat(62), 'é'.repeat(61)], // 2 bytes each: 122
    ['語'.repeat(42), '語'.repeat(41)], // 3 bytes each: 123
    ['🐯'.repeat(31), '🐯'.repeat(30)], // 4 bytes each: 120
    ['\ud83d', '\ufffd'], // half a character
  ])('keeps of %s what fits, and no half of a character', (text, kept) => {
    expect(closeReason(text)).toBe(kept);
  });
});
