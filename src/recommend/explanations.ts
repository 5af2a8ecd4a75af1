/** Answers beside lists: why an item is missing, how lists were in the past, and how another version would make them. */
import type { Catalogue, Explanations } from '../../graphql/context';
import type { KindRules } from '../../models/data/kinds';
import type { PrismaClient } from '../../prisma/generated/sqlite/client';
import { compareVersions } from './compare-versions';
import { formerState } from './former-state';
import type { ItemFilters } from './item-filters';
import type { Popularity } from './popularity';
import type { Recommender } from './recommender';
import { WhyNot } from './why-not';

interface ExplanationParts {
  readonly client: PrismaClient;
  readonly recommender: Recommender;
  readonly filters: ItemFilters;
  readonly popularity: Popularity;
  readonly catalogue: Pick<Catalogue, 'item'>;
  readonly kinds: KindRules;
}

export function explanationsOf(parts: ExplanationParts): Explanations {
  const whyNot = new WhyNot(parts);
  return {
    whyNot: (...args) => whyNot.whyNot(...args),
    formerState: (asOf) => formerState(asOf, parts),
    compareVersions: (args, signal) => compareVersions(args, parts, signal),
  };
}
