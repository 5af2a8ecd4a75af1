/**
 * Encodes the items of the demo shop: `npm run build && node dist/seeds/encode-demo.js` (seconds on one core).
 *
 * Run it when a title changes. The repository has the vectors, so that the first start does not encode 1,772 titles.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { openDevice } from '../models/compute/backends';
import { itemText } from '../models/text/item-text';
import { openSentenceEncoder, SENTENCE_DIMS, SENTENCE_ENCODER } from '../models/text/sentence-encoder';
import { DEMO_DIR } from '../src/datasets/demo-shop';
import { readDataset } from '../src/datasets/read-dataset';

const BINARY = join(DEMO_DIR, 'vectors.int8.bin');
const HEADER = join(DEMO_DIR, 'vectors.json');

async function encodeDemo(): Promise<void> {
  for (const file of [BINARY, HEADER]) rmSync(file, { force: true }); // otherwise `readDataset` checks the items against them
  const texts: string[] = [];
  for await (const item of (await readDataset(DEMO_DIR)).items()) texts.push(itemText(item));
  const device = await openDevice({ backend: 'onnx-cpu', threads: 1 });
  const vectors = await (await openSentenceEncoder(device)).encode(texts);
  writeFileSync(BINARY, quantiseRows(vectors));
  const header = {
    rows: texts.length,
    dims: SENTENCE_DIMS,
    dtype: 'int8',
    encoder: SENTENCE_ENCODER,
    firstText: texts[0],
  };
  writeFileSync(HEADER, `${JSON.stringify(header, null, 2)}\n`);
  console.log(`${texts.length} vectors written to ${BINARY}`);
}

/** Scales each row to the range of int8. The reader scales it to length 1 again. */
function quantiseRows(vectors: Float32Array): Int8Array {
  const quantised = new Int8Array(vectors.length);
  for (let begin = 0; begin < vectors.length; begin += SENTENCE_DIMS) {
    const row = vectors.subarray(begin, begin + SENTENCE_DIMS);
    const scale = 127 / row.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
    row.forEach((x, i) => (quantised[begin + i] = Math.round(x * scale)));
  }
  return quantised;
}

void encodeDemo();
