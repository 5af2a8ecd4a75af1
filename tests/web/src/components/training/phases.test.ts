import { stagesOf } from '../../../../../web/src/components/training/phases';

describe('stagesOf', () => {
  it('has one stage for the first and the second model, which only some presets have', () => {
    const { stages, active } = stagesOf({ reuseTokenizer: false }, 'SEQ2SEQ');
    expect(stages).toEqual(['FEATURES', 'TOKENIZER', 'ASSIGNMENT', 'SEQ2SEQ', 'EVALUATION', 'REFRESH', 'BASELINES']);
    expect(active).toBe(3);
    expect(stagesOf({ reuseTokenizer: false }, 'SECOND_ITEM_HEAD').active).toBe(3);
    expect(stagesOf({ reuseTokenizer: false }, 'SECOND_REFRESH').active).toBe(5);
    expect(stagesOf({ reuseTokenizer: false }, 'DONE').active).toBe(7);
  });

  it('has none that learns codebooks where those of the active model are kept', () => {
    const { stages, active } = stagesOf({ reuseTokenizer: true }, 'ASSIGNMENT');
    expect(stages).not.toContain('TOKENIZER');
    expect(active).toBe(1);
  });
});
