/** The rows of the table: one for each placement and each model version that made lists for it. */
import type { PlacementFiguresRowFragment, PlacementListQuery } from '../../graphql/graphql';

export interface PlacementRow {
  readonly placement: string;
  /** Whether it is the first row of its placement. */
  readonly isFirst: boolean;
  /** Null: the placement had no feedback in these days. */
  readonly figures: PlacementFiguresRowFragment | null;
}

export function rowsOf(placements: NonNullable<PlacementListQuery['placements']>): PlacementRow[] {
  return placements.flatMap(({ name: placement, figures }): PlacementRow[] => {
    if (figures.length === 0) return [{ placement, isFirst: true, figures: null }];
    return figures.map((ofVersion, i) => ({ placement, isFirst: i === 0, figures: ofVersion }));
  });
}
