import { assignCodes, fullError, rankLastLevel, tokenizerError } from '../../../src/semantic-ids/code-assignment';
import type { CodeAssigner } from '../../../src/semantic-ids/text-encoder';

/** Answers two numbers a vector: its first one and one more; and remembers what it was asked. */
function recordingAssigner() {
  const calls: { checkpointDir: string; numbers: number; dims: number }[] = [];
  const answer = (checkpointDir: string, vectors: Float32Array, dims: number) => {
    calls.push({ checkpointDir, numbers: vectors.length, dims });
    return Int32Array.from({ length: (vectors.length / dims) * 2 }, (_, i) => vectors[(i >> 1) * dims] + (i & 1));
  };
  const assigner: CodeAssigner = {
    encode: () => Promise.reject(new Error('not asked for')),
    assign: async (...args) => ({ codes: answer(...args) }),
    rankLastLevel: async (...args) => ({ codes: answer(...args) }),
  };
  return { assigner, calls };
}

const TOKENIZER = { checkpointDir: '/there', dims: 3 };
const vectorsFrom = (count: number) => Array.from({ length: count }, (_, i) => Float32Array.of(i, 0, 0));

describe.each([
  ['assignCodes', assignCodes],
  ['rankLastLevel', rankLastLevel],
] as const)('%s', (_, ask) => {
  it('gives each vector its own codes, a thousand vectors a call', async () => {
    const { assigner, calls } = recordingAssigner();
    const found = await ask(assigner, TOKENIZER, vectorsFrom(2_001));
    expect(found).toEqual(Array.from({ length: 2_001 }, (_, i) => [i, i + 1]));
    expect(calls).toEqual([3_000, 3_000, 3].map((numbers) => ({ checkpointDir: '/there', numbers, dims: 3 })));
  });

  it('asks nothing about no vectors', async () => {
    const { assigner, calls } = recordingAssigner();
    expect(await ask(assigner, TOKENIZER, [])).toEqual([]);
    expect(calls).toEqual([]);
  });

  it('refuses a vector of another width, by its place', async () => {
    const { assigner } = recordingAssigner();
    const vectors = [...vectorsFrom(1), Float32Array.of(1, 2)];
    await expect(ask(assigner, TOKENIZER, vectors)).rejects.toThrow(
      new RangeError('vector 1: expected 3 numbers, got 2'),
    );
  });
});

describe('fullError', () => {
  it('names the codes, how many items may have them, and the place', () => {
    expect(fullError([1, 2], { collisionSize: 4 }, 'items', 3)).toMatchObject({
      code: 'OUT_OF_RANGE',
      message: expect.stringContaining('at most 4 items with the codes [1, 2]'),
      field: ['items', '3'],
    });
  });
});

describe('tokenizerError', () => {
  it("is for a checkpoint's faults alone, also for those that come from a worker", () => {
    const fromWorker = Object.assign(new Error('weights: damaged'), { name: 'CheckpointError' });
    expect(tokenizerError(fromWorker)).toMatchObject({ code: 'UNUSABLE_CHECKPOINT' });
    const other = new Error('out of memory');
    expect(() => tokenizerError(other)).toThrow(other);
  });
});
