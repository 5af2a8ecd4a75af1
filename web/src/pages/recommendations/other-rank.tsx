interface OtherRankProps {
  readonly rank: number;
  /** Null: the list beside this one has not the item. */
  readonly otherRank: number | null;
}

/** Where the list beside this one has an item. */
export function OtherRank({ rank, otherRank }: OtherRankProps) {
  if (otherRank === null) return <b>only here</b>;
  return <span>{otherRank === rank ? 'same place there' : `place ${otherRank} there`}</span>;
}
