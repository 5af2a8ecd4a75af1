import {
  asSecond,
  optionsOf,
  RECOMMENDATIONS_STATE,
  type RecommendationsState,
  secondSettings,
  type Settings,
  subjectOf,
} from '../../../../../web/src/pages/recommendations/recommendations-state';

/** State of a page without anything in its address. */
const USUAL = Object.fromEntries(
  Object.entries(RECOMMENDATIONS_STATE).map(([name, value]) => [name, value.read(null)]),
) as unknown as RecommendationsState;

const SETTINGS: Settings = {
  ...{
    version: 'v',
    temperature: 0.5,
    seed: 3,
    beam: 40,
    cold: 0.2,
    seen: 'keep',
    category: ' toys ',
    steer: ' red ',
    min: 0,
    max: 9,
  },
};

describe('subjectOf', () => {
  it('is the user or the history, whichever is chosen, once there is one', () => {
    expect(subjectOf(USUAL)).toBeNull();
    expect(subjectOf({ ...USUAL, history: ['a'] })).toBeNull();
    expect(subjectOf({ ...USUAL, user: 'u' })).toEqual({ kind: 'user', externalId: 'u' });
    expect(subjectOf({ ...USUAL, for: 'history', user: 'u' })).toBeNull();
    expect(subjectOf({ ...USUAL, for: 'history', history: ['a'] })).toEqual({ kind: 'history', history: ['a'] });
  });
});

describe('optionsOf', () => {
  it('asks for nothing that is as it is without being asked for', () => {
    expect(optionsOf(USUAL)).toEqual({});
    expect(optionsOf({ ...USUAL, category: ' ' })).toEqual({});
  });

  it('asks for all that is set, for prices from 0 too', () => {
    expect(optionsOf(SETTINGS)).toEqual({
      ...{
        modelVersion: 'v',
        temperature: 0.5,
        seed: 3,
        beamWidth: 40,
        coldStartShare: 0.2,
        includeSeen: true,
        steer: 'red',
      },
      filter: { categories: ['toys'], minPrice: 0, maxPrice: 9 },
    });
  });

  it('has a seed for sampled lists alone', () => {
    expect(optionsOf({ ...USUAL, seed: 3 })).toEqual({});
  });
});

describe('asSecond', () => {
  it('changes the settings of the second list, and leaves those of the first', () => {
    const state = { ...USUAL, ...asSecond(SETTINGS) };
    expect(secondSettings(state)).toEqual(SETTINGS);
    expect(optionsOf(state)).toEqual({});
  });
});
