import { createModel } from '../../../models/checkpoint/model-weights';
import { presetConfig, type Seq2SeqConfig } from '../../../models/config';
import { DAY_MS } from '../../../models/math/day';
import {
  SourceBatch,
  sourceLength,
  tokensPerPosition,
  type Seq2Seq,
  TargetBatch,
} from '../../../models/seq2seq/batches';
import { type Seq2SeqParams, disposeParameters } from '../../../models/seq2seq/parameters';
import { createVocabulary, userToken } from '../../../models/seq2seq/vocabulary';

/** Two levels of 8 codes and a collision token: code c of level l is token 2 + userTokens + 8 l + c. */
function modelWith(encoder: Seq2SeqConfig['encoder'], userTokens: number, hasItemVectors: boolean): Seq2Seq {
  const config = { ...presetConfig('tiny').seq2seq, encoder, userTokens };
  const some = hasItemVectors ? {} : null; // `SourceBatch` asks only whether there are any
  const params = { itemVectors: some, kinds: some } as Seq2SeqParams;
  return { config, vocabulary: createVocabulary(2, 8, userTokens), params };
}

const OLD = { codes: [1, 2, 0], row: 7, kind: 0, at: 0 };
const NEW = { codes: [3, 4, 1], row: 9, kind: 2, at: 8 * DAY_MS };

describe('sourceLength', () => {
  it('counts codes for the bidirectional encoder, items for the item-causal one, and the user', () => {
    expect(sourceLength(modelWith('bidirectional', 0, false), 4)).toBe(12);
    expect(sourceLength(modelWith('bidirectional', 5, false), 4)).toBe(13);
    expect(sourceLength(modelWith('item-causal', 5, true), 4)).toBe(5);
    expect(tokensPerPosition(modelWith('item-causal', 0, true))).toBe(3);
  });
});

describe('SourceBatch', () => {
  it('writes codes at the end of a row, the newest item last, the user before the padding', () => {
    const model = modelWith('bidirectional', 5, false);
    const batch = new SourceBatch(model, 2, 3);
    batch.write(0, 'someone', [OLD, NEW]);
    batch.write(1, null, [NEW]);
    const { tokens, mask, items } = batch.inputs();
    const [a, b] = [7, 15]; // the tokens of code 0 of the levels 0 and 1
    const user = userToken(model.vocabulary, 'someone');
    expect(tokens.shape).toEqual([2, 10]);
    expect([...tokens.data]).toEqual([
      ...[user, 0, 0, 0, a + 1, b + 2, 23, a + 3, b + 4, 24],
      ...[0, 0, 0, 0, 0, 0, 0, a + 3, b + 4, 24],
    ]);
    expect([...mask.data]).toEqual([...[1, 0, 0, 0, 1, 1, 1, 1, 1, 1], ...[0, 0, 0, 0, 0, 0, 0, 1, 1, 1]]);
    expect(items).toBeUndefined();
  });

  it('writes an item in one position, with the row of its vector', () => {
    const batch = new SourceBatch(modelWith('item-causal', 0, true), 1, 3);
    batch.write(0, 'someone', [OLD, NEW]);
    const { tokens, mask, items, kinds, gaps } = batch.inputs();
    expect(tokens.shape).toEqual([1, 3, 3]);
    expect([...tokens.data]).toEqual([0, 0, 0, 3, 12, 18, 5, 14, 19]);
    expect([...mask.data]).toEqual([0, 1, 1]);
    expect([...items.data]).toEqual([0, 7, 9]);
    expect([...kinds.data]).toEqual([0, 0, 2]);
    expect([...gaps.data]).toEqual([0, 0, 4]); // eight days are 1 + ⌊log₂ 9⌋
  });
});

/** A batch of two rows with room for two targets, of which the first row has one. */
function inputsOf(itemHead: boolean) {
  const config = presetConfig('tiny');
  const model = createModel({ ...config, seq2seq: { ...config.seq2seq, itemHead } }, 9);
  const batch = new TargetBatch(model, 2, 2);
  batch.write(0, [{ codes: [1, 2, 0], row: 4, weight: 0.5 }]);
  disposeParameters(model.params);
  return batch.inputs();
}

describe('TargetBatch', () => {
  it('puts targets at the ends of their rows with their weights, and gives padding no weight', () => {
    const { targets, weights, targetItems } = inputsOf(true);
    expect(targets).toEqual({ shape: [2, 2, 3], data: Int32Array.of(0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0) });
    expect(weights).toEqual({ shape: [2, 2], data: Float32Array.of(0, 0.5, 0, 0) });
    expect(targetItems).toEqual({ shape: [2, 2], data: Int32Array.of(0, 4, 0, 0) });
  });
});
