import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';

import { EncodedTexts, textKey } from '../../../src/training/encoded-texts';

const DIMS = 3;
const NUMBER = fc.float({ noNaN: true });
const TEXTS = fc.array(fc.record({ text: fc.string(), vector: fc.tuple(NUMBER, NUMBER, NUMBER) }), {
  minLength: 1,
  maxLength: 20,
});

describe('EncodedTexts', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'tigerql-encoded-'))));
  afterEach(() => rmSync(dir, { recursive: true }));

  async function read(folder = dir, dims = DIMS) {
    const found: [string, number[]][] = [];
    const texts = await EncodedTexts.open(folder, dims, (key, vector) => found.push([key, [...vector]]));
    return { texts, found };
  }

  it('gives back what was saved, part after part, in its order', async () => {
    const parts = fc.array(TEXTS, { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(parts, async (all) => {
        const folder = mkdtempSync(join(dir, 'job-'));
        const { texts } = await read(folder);
        for (const part of all) {
          for (const { text, vector } of part) texts.add(textKey(text), Float32Array.from(vector));
          expect(texts.numUnsaved).toBe(part.length);
          await texts.save();
          expect(texts.numUnsaved).toBe(0);
        }
        const added = all.flat().map(({ text, vector }) => [textKey(text), [...Float32Array.from(vector)]]);
        expect((await read(folder)).found).toEqual(added);
      }),
      { seed: 1, numRuns: 10 },
    );
  });

  it('goes on behind the parts that the folder has', async () => {
    for (const text of ['a', 'b']) {
      const { texts } = await read();
      texts.add(textKey(text), Float32Array.of(1, 2, 3));
      await texts.save();
    }
    expect((await read()).found.map(([key]) => key)).toEqual(['a', 'b'].map(textKey));
    expect([0, 1, 2].map((part) => existsSync(join(dir, `features${part}`)))).toEqual([true, true, false]);
  });

  it('reads no vectors of another width, and keeps them', async () => {
    const { texts } = await read();
    texts.add(textKey('a'), Float32Array.of(1, 2, 3));
    await texts.save();
    expect((await read(dir, DIMS + 1)).found).toEqual([]);
    expect((await read()).found).toHaveLength(1);
  });
});

describe('textKey', () => {
  it('is the SHA-256 of the text', () => {
    expect(textKey('abc')).toBe('ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=');
  });
});
