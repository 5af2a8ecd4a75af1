import { Text } from '@mantine/core';

import { formatProbability, formatShare } from '../../../components/format/format';
import type { FullListFragment, ListedRecommendationFragment } from '../../../graphql/graphql';
import type { Settings } from '../recommendations-state';
import { itemHeadShare } from './item-head-share';
import classes from './why.module.css';

interface HeadSharesProps {
  readonly recommendation: ListedRecommendationFragment;
  readonly modelVersion: NonNullable<FullListFragment['modelVersion']>;
  readonly settings: Settings;
}

/** How much of the item's probability each of the two heads gives. */
export function HeadShares({ recommendation, modelVersion, settings }: HeadSharesProps) {
  const { decoderScore, itemHeadScore } = recommendation;
  const share = itemHeadShare(modelVersion.metrics, settings);
  const decoder = (1 - share) * probabilityOf(decoderScore);
  const itemHead = share * probabilityOf(itemHeadScore);
  const total = decoder + itemHead;
  const part = total > 0 ? decoder / total : 0;
  return (
    <div>
      <div className={`${classes.shares} keeps-colors`} aria-hidden>
        <span className={classes.decoder} style={{ flexGrow: part }} />
        <span className={classes.itemHead} style={{ flexGrow: 1 - part }} />
      </div>
      <div className={classes.legend}>
        <Text size="xs">
          <span className={`${classes.dot} keeps-colors`} data-head="decoder" /> Decoder {formatShare(part)}
          <Text span size="xs" c="dimmed">
            {' '}
            {decoderScore == null
              ? 'its beam has not come here'
              : `gives it ${formatProbability(probabilityOf(decoderScore))}`}
          </Text>
        </Text>
        <Text size="xs">
          <span className={`${classes.dot} keeps-colors`} data-head="item-head" /> Item head {formatShare(1 - part)}
          <Text span size="xs" c="dimmed">
            {' '}
            {itemHeadScore == null ? 'does not know it' : `gives it ${formatProbability(probabilityOf(itemHeadScore))}`}
            {`, counts ${formatShare(share)}`}
          </Text>
        </Text>
      </div>
    </div>
  );
}

function probabilityOf(score: number | null | undefined): number {
  return score == null ? 0 : Math.exp(score);
}
