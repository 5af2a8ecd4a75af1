import { rememberTexts } from '../../../src/semantic-ids/remembered-texts';
import { createFakeAssigner } from '../../support/fake-assigner';

describe('rememberTexts', () => {
  it('encodes each text once, and gives the vectors in the order of the items', async () => {
    const assigner = createFakeAssigner();
    const encode = jest.spyOn(assigner, 'encode');
    const remembering = rememberTexts(assigner);
    const items = (...texts: string[]) => texts.map((text) => ({ text, embedding: null }));
    for (const texts of [items('#1.1 a', '#2.2 b'), items('#3.3 c', '#2.2 b', '#1.1 a'), items('#2.2 b')])
      expect(await remembering.encode(texts)).toEqual(await createFakeAssigner().encode(texts));
    expect(encode.mock.calls.map(([asked]) => asked.map(({ text }) => text))).toEqual([
      ['#1.1 a', '#2.2 b'],
      ['#3.3 c'],
    ]);
  });
});
