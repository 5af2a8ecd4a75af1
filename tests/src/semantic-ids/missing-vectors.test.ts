import { SENTENCE_DIMS, SENTENCE_ENCODER } from '../../../models/text/sentence-encoder';
import { missingVectorsFault, type VectorCount } from '../../../src/semantic-ids/missing-vectors';

const some = (changes: Partial<VectorCount>) =>
  missingVectorsFault({
    ...{ items: 5, missing: 2, firstMissing: 'cup', dims: SENTENCE_DIMS, encoders: new Set([SENTENCE_ENCODER]) },
    ...changes,
  });

describe('missingVectorsFault', () => {
  it('finds none where the built-in encoder can make what is missing', () => {
    expect(some({})).toBeNull();
    expect(some({ encoders: new Set() })).toBeNull();
  });

  it('finds none where nothing is missing, whatever encoder made the vectors', () => {
    expect(some({ missing: 0, firstMissing: null, dims: 7, encoders: new Set(['other']) })).toBeNull();
  });

  it.each<[string, Partial<VectorCount>]>([
    ['of another encoder', { encoders: new Set(['other']) }],
    ['of another width', { dims: SENTENCE_DIMS + 1 }],
    ['of another width, without a name', { dims: 7, encoders: new Set() }],
  ])('names the first item that cannot be compared with vectors %s', (_, changes) => {
    expect(some(changes)).toMatch(/^vectors: expected one for each item, got none for 2 of 5 items, first for cup; /);
  });
});
