import { presetConfig, type PresetName } from '../../../models/config';
import { checkTrainRequest, ItemsError } from '../../../src/training/check-train-request';
import { packTexts } from '../../../src/workers/packed-data';
import { logOf } from '../../support/little-log';

describe('checkTrainRequest', () => {
  const check = (texts: string[], vectors: number[], history = [[0], [1], [0], [1]], preset: PresetName = 'tiny') => {
    const log = logOf([history]);
    checkTrainRequest({
      config: presetConfig(preset),
      log: { ...log, userKeys: packTexts(log.userKeys) },
      texts: packTexts(texts),
      vectors: Float32Array.from(vectors),
      dims: 1,
      experiment: null,
    });
  };

  it.each([
    ['texts that differ', ['a', 'b'], [NaN, NaN]],
    ['equal texts with vectors', ['a', 'a'], [1, 2]],
    ['equal texts, one of them with a vector', ['a', 'a'], [NaN, 2]],
  ])('takes %s', (_, texts, vectors) => {
    expect(() => check(texts, vectors)).not.toThrow();
  });

  it('refuses equal texts without a vector', () => {
    expect(() => check(['a', 'a', 'a'], [NaN, NaN, NaN])).toThrow(ItemsError);
    expect(() => check(['', '', ''], [NaN, NaN, NaN])).toThrow('items: expected texts that differ, got 3 equal ones');
  });

  it.each(['tiny', 'demo'] as const)('refuses one item with advice that helps, with preset %s', (preset) => {
    expect(() => check(['Pot'], [NaN], [[0], [0], [0]], preset)).toThrow(
      new ItemsError('items: expected several to choose among, got one; add items, then train'),
    );
  });

  it('refuses more items than there are semantic IDs, before anything is trained', () => {
    const texts = Array.from({ length: 513 }, (_, i) => `Pot ${i}`);
    const vectors = Array.from(texts.keys());
    expect(() => check(texts, vectors)).toThrow(
      new ItemsError(
        'items: expected at most 512, as many as 2 levels of 8 codes have semantic IDs, got 513; ' +
          'train with a larger preset (demo or base) and new codebooks',
      ),
    );
    expect(() => check(texts.slice(1), vectors.slice(1))).not.toThrow();
    expect(() => check(texts, vectors, undefined, 'demo')).not.toThrow();
  });

  it.each(['demo', 'base'] as const)('takes equal texts where preset %s reads what is bought together', (preset) => {
    expect(() => check(['', ''], [NaN, NaN], undefined, preset)).not.toThrow();
    expect(() => check(['', ''], [NaN, NaN], [], preset)).toThrow('import more interactions');
  });

  it('refuses histories of which nothing is left to learn from', () => {
    expect(() => check(['a', 'b'], [1, 2], [[0]])).toThrow('histories: expected one of at least 2 interactions');
  });
});
