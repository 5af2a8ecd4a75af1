import { Stack, Text } from '@mantine/core';

import type { FullListFragment, ListedRecommendationFragment } from '../../../graphql/graphql';
import type { Settings, Subject } from '../recommendations-state';
import { HeadShares } from './head-shares';
import { Path } from './path';
import classes from './why.module.css';

interface WhyProps {
  readonly recommendation: ListedRecommendationFragment;
  readonly subject: Subject;
  readonly settings: Settings;
  readonly modelVersion: NonNullable<FullListFragment['modelVersion']> | null;
}

/** Why an item is in the list: what each head says of it, and the codes that the decoder wrote. */
export function Why({ recommendation, subject, settings, modelVersion }: WhyProps) {
  if (modelVersion === null || recommendation.source === 'POPULARITY') {
    return (
      <div className={classes.why}>
        <Text size="sm">
          It is bought often: it has{' '}
          {Math.exp(recommendation.score).toLocaleString(undefined, { style: 'percent', maximumFractionDigits: 2 })} of
          all interactions. {modelVersion === null ? 'No model is active.' : 'The model had too little to offer here.'}
        </Text>
      </div>
    );
  }
  return (
    <Stack gap="md" className={classes.why}>
      <HeadShares recommendation={recommendation} modelVersion={modelVersion} settings={settings} />
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
