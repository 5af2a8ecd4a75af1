import { join } from 'node:path';

import { openDevice } from '../../../models/compute/backends';
import type { Device } from '../../../models/compute/device';
import { presetConfig } from '../../../models/config';
import { withholdItems } from '../../../models/data/log-changes';
import { type FitInput, type FitProgress, splitOf } from '../../../models/training/fit-input';
import { learnItems } from '../../../models/training/learn-items';
import { SpectralVectors } from '../../../models/training/start-weights';
import { logOf, walkingLog } from '../../support/little-log';
import { DIMS, littleVectors, NUM_ITEMS } from '../../support/little-training';
import { temporaryFolder } from '../../support/temporary-folder';

const root = temporaryFolder();
let device: Device;
beforeAll(async () => void (device = await openDevice({ backend: 'onnx-cpu', threads: 1 })));
afterAll(() => device.dispose());

async function learn(jobDir: string, changes: Partial<FitInput> = {}) {
  const { tokenizer, ...config } = presetConfig('tiny');
  const phases: FitProgress['phase'][] = [];
  const input: FitInput = {
    config: { ...config, tokenizer },
    itemIds: Int32Array.from({ length: NUM_ITEMS }, (_, row) => 100 + row),
    log: walkingLog(30, 8, NUM_ITEMS),
    ...{ vectors: littleVectors(), dims: DIMS, categories: [], experiment: null },
    ...{ tokenizerFrom: null, presentCodes: null, jobDir: join(root, jobDir), ...changes },
  };
  const warnings: string[] = [];
  const run = {
    device,
    signal: new AbortController().signal,
    onProgress: ({ phase }: FitProgress) => phases.push(phase),
    onWarning: (message: string) => warnings.push(message),
  };
  const { log } = input;
  const spectral = new SpectralVectors({ log, split: splitOf(input), numItems: NUM_ITEMS, seed: config.seed });
  const known = await learnItems(input, run, spectral);
  return { ...known, warnings, phases: [...new Set(phases)] };
}

describe('learnItems', () => {
  it("gives each item its tokenizer's codes and an ID of its own", async () => {
    const { tokenizer, semanticIds, phases } = await learn('new');
    const codes = tokenizer.assign(littleVectors(), DIMS, null);
    semanticIds.forEach((id, row) => expect(id.slice(0, -1)).toEqual([...codes.subarray(2 * row, 2 * row + 2)]));
    expect(new Set(semanticIds.map(String)).size).toBe(NUM_ITEMS);
    expect(phases).toContain('ASSIGNMENT');
  });

  it('reads what it has learned before, and learns nothing anew', async () => {
    const before = await learn('twice');
    const after = await learn('twice', { vectors: littleVectors().reverse() });
    expect(after.semanticIds).toEqual(before.semanticIds);
    expect(after.phases).toEqual([]);
  });

  it('leaves items the IDs that they have under an earlier tokenizer', async () => {
    const { semanticIds } = await learn('earlier');
    // Two items that no training gave these IDs.
    const presentCodes = { idLength: 3, itemIds: Int32Array.of(103, 100), codes: Int32Array.of(7, 7, 6, 7, 7, 5) };
    const kept = await learn('later', { tokenizerFrom: join(root, 'earlier/tokenizer'), presentCodes });
    expect([kept.semanticIds[3], kept.semanticIds[0]]).toEqual([[7, 7, 6], [7, 7, 5]]); // prettier-ignore
    const codesOf = (ids: typeof semanticIds) => ids.map((id) => id.slice(0, -1));
    expect(codesOf(kept.semanticIds).slice(4)).toEqual(codesOf(semanticIds).slice(4));
  });
});

describe('learnItems with withheld items', () => {
  it('learns neither whitening nor codebooks from their texts', async () => {
    const withheld = Int32Array.of(3, 7);
    const log = withholdItems(walkingLog(30, 8, NUM_ITEMS), withheld);
    const changed = littleVectors();
    for (const row of withheld) changed.fill(5 + row, row * DIMS, (row + 1) * DIMS);
    const [one, other] = await Promise.all(
      [littleVectors(), changed].map((vectors, i) =>
        learn(`withheld-${i}`, { log, vectors, experiment: { withheld, hasDiversity: false } }),
      ),
    );
    expect(other.tokenizer.toTensors()).toEqual(one.tokenizer.toTensors());
    expect(other.texts!.toTensors()).toEqual(one.texts!.toTensors());
  });
});

describe('learnItems without texts', () => {
  const equal = new Float32Array(NUM_ITEMS * DIMS).fill(0.5);
  // Two groups that are bought apart from each other, and four items that nobody has bought.
  const log = logOf(
    Array.from({ length: 40 }, (_, user) =>
      Array.from({ length: 8 }, (_, step) => [10 * (user % 2) + ((user + step * (1 + (user % 3))) % 10)]),
    ),
  );
  const reading = (collaborativeSize: number) => {
    const { tokenizer, ...config } = presetConfig('tiny');
    return { ...config, tokenizer: { ...tokenizer, collaborativeSize } };
  };

  it('makes codes of what is bought together, and warns', async () => {
    const known = await learn('no-texts', { config: reading(4), vectors: equal, log });
    expect(known.texts).toBeNull();
    expect(known.warnings).toContainEqual(expect.stringContaining('only what is bought together'));
    expect(new Set(known.semanticIds.map(String)).size).toBe(NUM_ITEMS);
    const first = known.semanticIds.map(([code]) => code);
    const [one, other] = [new Set(first.slice(0, 10)), new Set(first.slice(10, 20))];
    expect([...one].filter((code) => other.has(code))).toEqual([]);
    // Nothing is known of items that nobody has bought: now and later, these get the same codes.
    const codes = known.tokenizer.assign(equal.slice(0, DIMS), DIMS);
    for (const id of known.semanticIds.slice(20)) expect(id.slice(0, -1)).toEqual([...codes]);
  });
});
