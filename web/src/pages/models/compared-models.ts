import type { ModelRowFragment } from '../../graphql/graphql';
import type { ModelsState } from './models-state';

type Model = Pick<ModelRowFragment, 'id' | 'number' | 'parent'>;

interface ComparedModels<M> {
  /** Null: there is none. */
  readonly a: M | null;
  readonly b: M | null;
  /** The numbers that were asked for and that no known version has. */
  readonly unknown: readonly number[];
}

/**
 * Which two versions stand beside each other. Beside one that is asked for stands the active one, else the one that it was trained
 * from, else the newest; beside the active one, the newest other.
 *
 * @param known - Newest first.
 */
export function comparedModels<M extends Model>(
  known: readonly M[],
  activeId: string | undefined,
  asked: Pick<ModelsState, 'a' | 'b'>,
): ComparedModels<M> {
  const byNumber = (number: number | null) => known.find((model) => model.number === number);
  const active = known.find(({ id }) => id === activeId);
  const askedA = byNumber(asked.a);
  const parent = known.find(({ id }) => id === askedA?.parent?.id);
  const b = byNumber(asked.b) ?? [active, parent, ...known].find((model) => model && model !== askedA) ?? null;
  const a = askedA ?? known.find((model) => model !== b) ?? null;
  const unknown = [asked.a, asked.b].filter((number) => number !== null && byNumber(number) === undefined);
  return { a, b, unknown: unknown as number[] };
}
