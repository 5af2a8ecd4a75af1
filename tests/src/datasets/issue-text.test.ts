import { z } from 'zod';

import { issueText } from '../../../src/datasets/check-rows';

const schema = z.object({ price: z.number().nonnegative(), tags: z.array(z.string()) });
const problem = (document: unknown) => issueText(schema.safeParse(document).error!, 'item');

describe('issueText', () => {
  it.each([
    ['a field of another type', { price: '1', tags: [] }, 'price: expected number, got string'],
    ['a number that is too small', { price: -1, tags: [] }, 'price: expected number to be >=0'],
    ['an entry of a list', { price: 1, tags: ['a', 2] }, 'tags.1: expected string, got number'],
    ['the whole document', 7, 'item: expected object, got number'],
  ])('names %s', (_, document, text) => {
    expect(problem(document)).toBe(text);
  });
});
