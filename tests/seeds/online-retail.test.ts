import { itemText } from '../../models/item-features';
import { readDataset } from '../../src/datasets/read-dataset';
import type { DatasetItem } from '../../src/datasets/dataset';
import { DEMO_DIR } from '../../src/demo-shop';
import { createCodeAssigner } from '../../src/text-encoder';
import { spawnWorker } from '../../src/workers/spawn-worker';
import type { EncodeProtocol } from '../../src/workers/messages';

const SAMPLE_SIZE = 8;

describe('the demo shop in seeds/online-retail', () => {
  const items: DatasetItem[] = [];

  beforeAll(async () => {
    for await (const item of (await readDataset(DEMO_DIR)).items()) items.push(item);
  });

  it('ships the vectors that the text encoder gives its titles today', async () => {
    const worker = spawnWorker<EncodeProtocol>('encode');
    try {
      const step = Math.floor(items.length / SAMPLE_SIZE);
      const sample = items.filter((_, i) => i % step === 0).slice(0, SAMPLE_SIZE);
      const texts = sample.map((item) => ({ text: itemText(item), embedding: null }));
      const { vectors, dims, encoder } = await createCodeAssigner(worker).encode(texts);
      expect((await readDataset(DEMO_DIR)).vectors).toMatchObject({ dims, encoder });
      sample.forEach(({ vector }, row) => {
        const cosine = vector?.reduce((sum, x, i) => sum + x * vectors[row * dims + i], 0);
        expect(cosine).toBeGreaterThan(0.999);
      });
    } finally {
      await worker.dispose();
    }
  });

  it('has titles to read, not shouted ones, and a price for each', () => {
    const shouted = items.filter(({ title }) => title === title.toUpperCase());
    expect(shouted).toEqual([]);
    expect(items.every(({ price }) => price !== null && price > 0)).toBe(true);
  });
});
