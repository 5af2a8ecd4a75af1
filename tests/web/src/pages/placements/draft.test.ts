import type { StateFactsFragment } from '../../../../../web/src/graphql/graphql';
import {
  definitionOf,
  draftOf,
  EMPTY,
  freePlace,
  isSame,
  isWhole,
} from '../../../../../web/src/pages/placements/draft';

const NO_CONDITION = {
  addedAfter: null,
  attributes: null,
  availability: null,
  brands: null,
  categories: null,
  excludeExternalIds: null,
  externalIds: null,
  groupIds: null,
  isAvailable: null,
  maxPrice: null,
  minPrice: null,
  semanticIdPrefix: null,
};
const NO_ACTION = { pin: null, boost: null, hide: null, atMost: null, notShownFor: null };
const item = { id: 'SXRlbTox', externalId: 'lamp', title: 'Lamp', imageUrl: null };

describe('draftOf and definitionOf', () => {
  it('give back what was stored, conditions without a field of their own too', () => {
    const attributes = [{ name: 'colour', equals: 'red', exists: null, in: null, max: null, min: null }];
    const state: StateFactsFragment = {
      number: 3,
      title: 'Top',
      savedAt: '2030-01-01T00:00:00.000Z',
      fallback: 'NOTHING',
      window: null,
      modelVersion: null,
      options: {
        includeSeen: false,
        oncePerGroup: null,
        temperature: null,
        beamWidth: null,
        coldStartShare: null,
        filter: { ...NO_CONDITION, attributes },
      },
      rules: [
        { from: null, until: '2030-02-01T00:00:00.000Z', action: { ...NO_ACTION, pin: { place: 2, item } } },
        { from: null, until: null, action: { ...NO_ACTION, pin: { place: 1, item: null } } },
        { from: null, until: null, action: { ...NO_ACTION, hide: { filter: { ...NO_CONDITION, brands: ['North'] } } } },
      ],
    };
    const draft = draftOf(state);
    expect(definitionOf(draft)).toEqual({
      title: 'Top',
      fallback: 'NOTHING',
      options: { includeSeen: false, filter: { attributes: [{ name: 'colour', equals: 'red' }] } },
      rules: [
        { until: '2030-02-01T00:00:00.000Z', action: { pin: { item: { externalId: 'lamp' }, place: 2 } } },
        { action: { hide: { filter: { brands: ['North'] } } } },
      ],
    });
    expect(isSame(draft, draftOf(state))).toBe(true);
    expect(isSame(draft, EMPTY)).toBe(false);
    expect(freePlace(draft.rules)).toBe(1);
  });

  it('know a rule that says nothing yet', () => {
    expect(isWhole({ action: { kind: 'hide', filter: {} }, from: null, until: null })).toBe(false);
    expect(isWhole({ action: { kind: 'hide', filter: { maxPrice: 5 } }, from: null, until: null })).toBe(true);
  });
});
