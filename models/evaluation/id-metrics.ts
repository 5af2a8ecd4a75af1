/** Measures how well the codes tell the items apart. */
import type { TokenizerConfig } from '../config';
import { codebookUse } from '../semantic-id/codebook-use';
import type { SemanticId } from '../semantic-id/semantic-ids';
import { plainMetric, type MetricValue } from './metrics';

/** @returns `codebook.L.use` and `codebook.L.perplexity` of each level L, and `collision.rate`. */
export function idMetrics(semanticIds: readonly SemanticId[], config: TokenizerConfig): MetricValue[] {
  const ofLevels = codebookUse(semanticIds, config).flatMap(({ usedShare, perplexity }, level) => [
    plainMetric(`codebook.${level}.use`, usedShare),
    plainMetric(`codebook.${level}.perplexity`, perplexity),
  ]);
  return [...ofLevels, collisionRate(semanticIds)];
}

/** The share of the items whose codebook codes are also another item's, so that only the collision token tells them apart. */
function collisionRate(semanticIds: readonly SemanticId[]): MetricValue {
  const groups = new Map<string, number>();
  const keyOf = (id: SemanticId) => id.slice(0, -1).join('.');
  for (const id of semanticIds) groups.set(keyOf(id), (groups.get(keyOf(id)) ?? 0) + 1);
  const colliding = semanticIds.filter((id) => groups.get(keyOf(id))! > 1).length;
  return plainMetric('collision.rate', colliding / Math.max(1, semanticIds.length));
}
