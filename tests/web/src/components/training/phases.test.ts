import { stagesOf } from '../../../../../web/src/components/training/phases';

describe('stagesOf', () => {
  it('has a stage for each phase of a training, and none for its end', () => {
    const { stages, active } = stagesOf({ reuseTokenizer: false }, 'SEQ2SEQ');
    expect(stages).toEqual(['FEATURES', 'TOKENIZER', 'ASSIGNMENT', 'SEQ2SEQ', 'EVALUATION', 'REFRESH', 'BASELINES']);
    expect(active).toBe(3);
    expect(stagesOf({ reuseTokenizer: false }, 'DONE').active).toBe(7);
  });

  it('has none that learns codebooks where those of the active model are kept', () => {
    const { stages, active } = stagesOf({ reuseTokenizer: true }, 'ASSIGNMENT');
    expect(stages).not.toContain('TOKENIZER');
    expect(active).toBe(1);
  });
});
