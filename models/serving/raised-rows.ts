/** Finds the best of the items that boosts move up: without that, those far down would never be candidates. */
import { rankTopK } from '../math/top-k';
import type { UserScores } from '../seq2seq/item-scorer';
import type { RequestBoost } from './tiger-request';

/** Sets of boosts, such as those of a placement, whose rows are kept. */
const MAX_KEPT = 32;

interface Raised {
  readonly boosts: readonly RequestBoost[];
  /** Rows of the items whose factor is above 1; int32 `[R]`. */
  readonly rows: Int32Array;
  /** ln of the factor of each; float32 `[R]`. */
  readonly logFactors: Float32Array;
}

export class RaisedRows {
  /** That used last comes first. */
  private kept: readonly Raised[] = [];

  /** @param rowOf - Item id → row; −1 for an item that is not known in training. */
  constructor(private readonly rowOf: (itemId: number) => number) {}

  /** @returns Rows of the `size` best by the item head, the texts and the factors together. */
  best(
    boosts: readonly RequestBoost[],
    scores: UserScores,
    textWeight: number,
    { size, qualifies }: { readonly size: number; readonly qualifies: (row: number) => boolean },
  ): number[] {
    if (!boosts.some(({ factor }) => factor > 1)) return [];
    const { rows, logFactors } = this.of(boosts);
    const { itemHead, texts } = scores.among(rows);
    const values = logFactors.slice();
    for (let i = 0; i < values.length; i++)
      values[i] += (itemHead?.logits[i] ?? 0) + textWeight * (texts?.cosines[i] ?? 0);
    return rankTopK(values, size, (at) => qualifies(rows[at])).map((at) => rows[at]);
  }

  private of(boosts: readonly RequestBoost[]): Raised {
    const kept = this.kept.find((raised) => isSame(raised.boosts, boosts)) ?? this.make(boosts);
    if (this.kept[0] !== kept) this.kept = [kept, ...this.kept.filter((one) => one !== kept)].slice(0, MAX_KEPT);
    return kept;
  }

  private make(boosts: readonly RequestBoost[]): Raised {
    const factors = new Map<number, number>();
    for (const { itemIds, factor } of boosts)
      for (const itemId of itemIds) factors.set(itemId, (factors.get(itemId) ?? 1) * factor);
    const raised = [...factors].flatMap(([itemId, factor]) => {
      const row = this.rowOf(itemId);
      return factor > 1 && row >= 0 ? [{ row, factor }] : [];
    });
    return {
      boosts,
      rows: Int32Array.from(raised, ({ row }) => row),
      logFactors: Float32Array.from(raised, ({ factor }) => Math.log(factor)),
    };
  }
}

function isSame(some: readonly RequestBoost[], others: readonly RequestBoost[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ mask, factor }, i) => mask === others[i].mask && factor === others[i].factor)
  );
}
