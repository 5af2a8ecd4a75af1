/** Reads what a request wants more and less of. */
import { badInput } from '../../graphql/common/errors';
import type { RecommendationArgs, SteeredByRecord } from '../../graphql/recommendation/records';
import type { TextShelfFinder, TextShelves } from '../semantic-ids/text-shelves';
import type { RecommendOne } from '../workers/messages';

/** Items of a shelf that is moved up take the places of others that are up to so many times as likely. */
const STEER_WEIGHT = 5;

/** @throws {GraphQLError} When a text is given, and no tokenizer that reads texts is active. */
export async function steeringOf(
  { more, less, steer, steerWeight }: RecommendationArgs,
  shelves: Pick<TextShelfFinder, 'find'>,
): Promise<SteeredByRecord[]> {
  const weight = steerWeight ?? STEER_WEIGHT;
  const found = steer == null ? [] : await shelves.find(steer);
  if (found === null) throw badInput({ path: ['options', 'steer'], message: NO_TEXTS });
  return [
    ...(more ?? []).map((codes) => ({ codes, weight, text: null })),
    ...(less ?? []).map((codes) => ({ codes, weight: 1 / weight, text: null })),
    ...found.flatMap((wish) => ofText(wish, weight)),
  ];
}

const NO_TEXTS =
  'options.steer: expected an active model whose semantic IDs come from texts, got none; name prefixes in `more` and `less`';

function ofText({ text, isLess, prefixes }: TextShelves, weight: number): SteeredByRecord[] {
  const shelves = prefixes.length === 0 ? [null] : prefixes;
  return shelves.map((codes) => ({ codes, weight: isLess ? 1 / weight : weight, text }));
}

/** @returns What a worker needs to know of it. */
export function shelvesOf(steeredBy: readonly SteeredByRecord[]): Pick<RecommendOne, 'shelves'> {
  const shelves = steeredBy.flatMap(({ codes, weight }) => (codes === null ? [] : [{ codes, factor: weight }]));
  return shelves.length === 0 ? {} : { shelves };
}
