import { ablationConfig, ABLATIONS, type AblationName } from '../../bench/ablation-list';

const names = Object.keys(ABLATIONS) as AblationName[];

describe('ablationConfig', () => {
  it.each(names.filter((name) => name !== 'reference'))('differs from the reference: %s', (name) => {
    expect(ablationConfig(name, 1)).not.toEqual(ablationConfig('reference', 1));
  });

  it('changes the seed of the ablation that shows chance, and nothing else of it', () => {
    expect(ablationConfig('another-seed', 1)).toEqual(ablationConfig('reference', 2));
  });
});
