import {
  createCodeAssigner,
  type CodeAssigner,
  rememberTexts,
  assignCodes,
} from '../../../src/semantic-ids/code-assigner';
import type { EncodeProtocol } from '../../../src/workers/messages';
import { spawnWorker, type WorkerClient, WorkerDiedError } from '../../../src/workers/spawn-worker';
import { createFakeAssigner } from '../../support/fake-assigner';

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, x, i) => sum + x * b[i], 0);
}

/** A worker that ends so many times before it answers. */
function dyingWorker(deaths: number): { readonly worker: WorkerClient<EncodeProtocol>; calls: number } {
  const made = { calls: 0 };
  const call = async () => {
    if (made.calls++ < deaths) throw new WorkerDiedError('encode.js: expected a reply, got exit code 1');
    return { codes: Int32Array.of(3, 1) };
  };
  return Object.assign(made, { worker: { call, dispose: () => Promise.resolve() } as never });
}

describe('createCodeAssigner', () => {
  let worker: WorkerClient<EncodeProtocol>;
  let assigner: CodeAssigner;

  beforeAll(() => {
    worker = spawnWorker('encode', { backend: 'onnx-cpu' });
    assigner = createCodeAssigner(worker);
  });
  afterAll(() => worker.dispose());

  async function encodeTexts(...texts: string[]): Promise<Float32Array[]> {
    const { vectors, dims } = await assigner.encode(texts.map((text) => ({ text, embedding: null })));
    return texts.map((_, row) => vectors.subarray(row * dims, (row + 1) * dims));
  }

  it("passes callers' embeddings through, scaled to length 1", async () => {
    const encoded = await assigner.encode([
      { text: 'x', embedding: [3, 4] },
      { text: 'y', embedding: [0, -2] },
    ]);
    expect(encoded).toMatchObject({ dims: 2, encoder: 'given' });
    expect([...encoded.vectors]).toEqual([3 / 5, 4 / 5, 0, -1].map(Math.fround));
  });

  it('keeps the order when some items bring embeddings and others do not', async () => {
    const embedding = Array.from({ length: 512 }, (_, i) => (i === 7 ? 2 : 0));
    const encoded = await assigner.encode([
      { text: 'Red teapot.', embedding: null },
      { text: 'given', embedding },
      { text: 'Leather handbag.', embedding: null },
    ]);
    const [teapot, handbag] = await encodeTexts('Red teapot.', 'Leather handbag.');
    expect(encoded).toMatchObject({ dims: 512, encoder: 'use-lite-en' });
    expect(cosine(encoded.vectors.subarray(0, 512), teapot)).toBeCloseTo(1, 5);
    expect(encoded.vectors[512 + 7]).toBe(1);
    expect(cosine(encoded.vectors.subarray(1024), handbag)).toBeCloseTo(1, 5);
  });

  it('asks a new worker when two in a row have ended', async () => {
    const dying = dyingWorker(2);
    const reply = await createCodeAssigner(dying.worker).assign('folder', Float32Array.of(1, 0), 2);
    expect([[...reply.codes], dying.calls]).toEqual([[3, 1], 3]);
  });

  it('stops encoding when aborted', async () => {
    const controller = new AbortController();
    const items = Array.from({ length: 2_000 }, (_, i) => ({ text: `Thing ${i}.`, embedding: null }));
    const encoding = assigner.encode(items, controller.signal);
    controller.abort();
    await expect(encoding).rejects.toMatchObject({ name: 'AbortError' });
  });
});

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
  };
  return { assigner, calls };
}

const TOKENIZER = { checkpointDir: '/there', dims: 3 };
const vectorsFrom = (count: number) => Array.from({ length: count }, (_, i) => Float32Array.of(i, 0, 0));

describe('assignCodes', () => {
  it('gives each vector its own codes, a thousand vectors a call', async () => {
    const { assigner, calls } = recordingAssigner();
    const found = await assignCodes(assigner, TOKENIZER, vectorsFrom(2_001));
    expect(found).toEqual(Array.from({ length: 2_001 }, (_, i) => [i, i + 1]));
    expect(calls).toEqual([3_000, 3_000, 3].map((numbers) => ({ checkpointDir: '/there', numbers, dims: 3 })));
  });
});
