import { parse } from 'graphql';

import { countTokens } from '../../../src/api/document-size';

describe('countTokens', () => {
  it('counts words and signs, with the start and the end', () => {
    // <start> { shop ( id : 1 ) } <end>
    expect(countTokens(parse('{ shop(id: 1) } '))).toBe(10);
  });
});
