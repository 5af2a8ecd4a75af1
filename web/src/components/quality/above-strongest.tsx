import type { AboveStrongestFragment } from '../../graphql/graphql';
import { ExplainedBadge } from '../explained-badge/explained-badge';
import { formatDifference } from '../format/format';
import { aboveStrongestText, strongestVerdict } from './quality-figures';

/** How far a version's lists are above those of the strongest simple method, in a word; its meaning has the interval. */
export function AboveStrongest({ model }: { readonly model: AboveStrongestFragment }) {
  const [found, text] = [model.aboveStrongestBaseline, aboveStrongestText(model)];
  if (found == null || text === undefined) return '–';
  const verdict = strongestVerdict(found);
  return (
    <ExplainedBadge
      label={verdict ?? formatDifference(found.value)}
      text={text}
      color={verdict === null ? 'tiger' : 'yellow'}
    />
  );
}
