import { itemText } from '../../models/text/item-text';
import type { Dataset, DatasetItem } from '../../src/datasets/dataset';
import { DEMO_DIR } from '../../src/datasets/demo-shop';
import { readDataset } from '../../src/datasets/read-dataset';
import { createCodeAssigner } from '../../src/semantic-ids/code-assigner';
import type { EncodeProtocol } from '../../src/workers/messages';
import { spawnWorker } from '../../src/workers/spawn-worker';

const SAMPLE_SIZE = 8;

describe('the demo shop in seeds/online-retail', () => {
  const items: DatasetItem[] = [];
  let dataset: Dataset;

  beforeAll(async () => {
    dataset = await readDataset(DEMO_DIR);
    for await (const item of dataset.items()) items.push(item);
  });

  it('has as many rows as its attribution says', () => {
    expect(dataset.counts).toEqual({ items: 1772, users: 2754, interactions: 82_648 });
  });

  it('ships the vectors that the text encoder gives its titles today', async () => {
    const worker = spawnWorker<EncodeProtocol>('encode', { backend: 'onnx-cpu' });
    try {
      const step = Math.floor(items.length / SAMPLE_SIZE);
      const sample = items.filter((_, i) => i % step === 0).slice(0, SAMPLE_SIZE);
      const texts = sample.map((item) => ({ text: itemText(item), embedding: null }));
      const { vectors, dims, encoder } = await createCodeAssigner(worker).encode(texts);
      expect(dataset.vectors).toMatchObject({ dims, encoder });
      sample.forEach(({ vector }, row) => {
        const cosine = vector?.reduce((sum, x, i) => sum + x * vectors[row * dims + i], 0);
        expect(cosine).toBeGreaterThan(0.999);
      });
    } finally {
      await worker.dispose();
    }
  });

  it('has no title in capitals alone, and a price for each item', () => {
    const shouted = items.filter(({ title }) => title === title.toUpperCase());
    expect(shouted).toEqual([]);
    expect(items.every(({ price }) => price! > 0)).toBe(true);
  });
});
