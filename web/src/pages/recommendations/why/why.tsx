import { Stack, Text } from '@mantine/core';

import { formatShare } from '../../../components/format/format';
import { QueryView } from '../../../components/states/query-view';
import { BecauseText, useBecause } from '../../../components/why/because';
import type { FullListFragment, ListedRecommendationFragment } from '../../../graphql/graphql';
import { optionsOf, type Settings, type Subject, variablesOf } from '../recommendations-state';
import { type HeadShares as Shares, headShares } from './likely-codes';
import { Path } from './path';
import classes from './why.module.css';

interface WhyProps {
  readonly recommendation: ListedRecommendationFragment;
  readonly subject: Subject;
  readonly settings: Settings;
  readonly list: FullListFragment;
}

/** Why an item is in the list: what each head says of it, and the codes that the decoder wrote. */
export function Why({ recommendation, subject, settings, list }: WhyProps) {
  const { modelVersion } = list;
  const { source } = recommendation;
  if (modelVersion == null || source === 'POPULARITY' || source === 'TRENDING') {
    return (
      <div className={classes.why}>
        <Text size="sm">
          It is taken often: it has {formatShare(Math.exp(recommendation.score))} of{' '}
          {source === 'TRENDING' ? 'the interactions of the last week' : 'all interactions'}.{' '}
          {modelVersion == null ? 'No model made this list.' : 'The model had too little to offer here.'}
        </Text>
      </div>
    );
  }
  return (
    <Stack gap="md" className={classes.why}>
      <InWords rank={recommendation.rank} itemId={recommendation.item.id} subject={subject} settings={settings} />
      <HeadShares recommendation={recommendation} shares={headShares(modelVersion.metrics, settings, list)} />
      {recommendation.explanation.length > 0 ? (
        <Path key={modelVersion.id} steps={recommendation.explanation} subject={subject} version={settings.version} />
      ) : (
        <Text size="sm" c="dimmed">
          {recommendation.decoderScore == null
            ? 'The decoder’s beam has not come to its semantic ID, so there is no path to show. A wider beam may come to it.'
            : 'This version has semantic IDs of its own. The trie has those of the active version, so there is no path to show.'}
        </Text>
      )}
    </Stack>
  );
}

interface InWordsProps extends Pick<WhyProps, 'subject' | 'settings'> {
  readonly rank: number;
  readonly itemId: string;
}

function InWords({ rank, itemId, subject, settings }: InWordsProps) {
  const { result, retry, of } = useBecause(
    { ...variablesOf(subject), first: rank, options: optionsOf(settings) },
    true,
  );
  return (
    <QueryView result={result} what="The reason" lines={1} onRetry={retry}>
      {() => <BecauseText because={of(itemId)} />}
    </QueryView>
  );
}

interface HeadSharesProps {
  readonly recommendation: ListedRecommendationFragment;
  readonly shares: Shares;
}

/** How much of what both heads give the item comes from each. */
function HeadShares({ recommendation, shares }: HeadSharesProps) {
  const { decoderScore, itemHeadScore } = recommendation;
  const decoder = shares.decoder * probabilityOf(decoderScore);
  const itemHead = shares.itemHead * probabilityOf(itemHeadScore);
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
              : `gives it ${formatShare(probabilityOf(decoderScore))}`}
          </Text>
        </Text>
        <Text size="xs">
          <span className={`${classes.dot} keeps-colors`} data-head="item-head" /> Item head {formatShare(1 - part)}
          <Text span size="xs" c="dimmed">
            {' '}
            {itemHeadScore == null ? 'does not know it' : `gives it ${formatShare(probabilityOf(itemHeadScore))}`}
            {`, counts ${formatShare(shares.itemHead)}`}
          </Text>
        </Text>
      </div>
    </div>
  );
}

function probabilityOf(score: number | null | undefined): number {
  return score == null ? 0 : Math.exp(score);
}
