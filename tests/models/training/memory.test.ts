import { presetConfig } from '../../../models/config';
import { checkMemory, trainingBytes } from '../../../models/training/memory';

/** The generated shops of `npm run bench -- --only scale`. */
const shopOf = (items: number) => ({ items, users: 0.6 * items, interactions: 10 * items, dims: 64 });

describe('trainingBytes', () => {
  it.each([
    ['base', 10_000, 0.97e9],
    ['base', 200_000, 2.35e9],
    ['base', 1_000_000, 8.14e9],
    ['demo', 1_000_000, 6.09e9],
  ] as const)('is the sum of the parts of preset %s with %d items', (preset, items, bytes) => {
    expect(trainingBytes(shopOf(items), presetConfig(preset)) / bytes).toBeCloseTo(1, 2);
  });

  it('grows with each of the sizes', () => {
    const [shop, config] = [shopOf(100_000), presetConfig('base')];
    for (const name of ['items', 'users', 'interactions', 'dims'] as const)
      expect(trainingBytes({ ...shop, [name]: 2 * shop[name] }, config)).toBeGreaterThan(trainingBytes(shop, config));
  });
});

describe('checkMemory', () => {
  it('refuses with the figures and what to change', () => {
    const config = presetConfig('base');
    checkMemory(shopOf(1_000_000), config, 16e9);
    expect(() => checkMemory(shopOf(1_000_000), config, 8e9)).toThrow(
      'memory: expected 8.1 GB for a training of preset base on 1000000 items and 10000000 interactions, got a machine or a container ' +
        'with 8.0 GB; give it more, train on a larger machine (TIGERQL_ROLE=train), or choose a smaller preset',
    );
  });
});
