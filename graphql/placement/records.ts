/** Records about placements, as the ports give them, and as the database keeps them: plain data. */
import type { PlacementRule, PlacementState, RuleAction } from './types';

export type { PlacementWarning as PlacementWarningRecord } from './types';

/** The placement whose hide rules count in every list of the shop. */
export const SHOP_WIDE = '*';

/** Exactly one is given. */
export interface RuleActionRecord extends RuleAction {
  /** Places are counted from 1. */
  readonly pin?: { readonly itemId: number; readonly place: number } | null;
}

export interface PlacementRuleRecord extends PlacementRule {
  readonly action: RuleActionRecord;
}

/** A field that is absent or null says nothing. */
export interface PlacementDefinition extends Pick<PlacementState, 'title' | 'options' | 'fallback' | 'window'> {
  readonly rules: readonly PlacementRuleRecord[];
  readonly modelVersionId?: number | null;
}

/** A definition as it was saved. The newest state of a placement is in force. */
export interface PlacementStateRecord
  extends PlacementDefinition, Pick<PlacementState, 'number' | 'savedAt' | 'savedBy'> {
  readonly name: string;
}

export interface NewPlacementState {
  readonly name: string;
  /** The number of the state that the caller has changed; null: there was none. */
  readonly basedOn: number | null;
  readonly definition: PlacementDefinition;
}
