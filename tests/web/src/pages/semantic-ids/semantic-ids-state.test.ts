import { SEMANTIC_IDS_STATE } from '../../../../../web/src/pages/semantic-ids/semantic-ids-state';

describe('SEMANTIC_IDS_STATE', () => {
  const { prefix } = SEMANTIC_IDS_STATE;

  it.each([[[]], [[0]], [[12, 0, 255]]])('brings the prefix %j back from an address', (codes) => {
    expect(prefix.read(prefix.write(codes))).toEqual(codes);
  });

  it('writes codes with dots, and nothing for the root', () => {
    expect([prefix.write([12, 24]), prefix.write([])]).toEqual(['12.24', null]);
  });

  it.each([null, '', 'a', '1.', '.1', '1..2', '-1', '1.5e3'])('takes %j for the root', (text) => {
    expect(prefix.read(text)).toEqual([]);
  });
});
