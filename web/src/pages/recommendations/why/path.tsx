import { Text } from '@mantine/core';

import { Failure } from '../../../components/states/failure';
import type { ListedRecommendationFragment } from '../../../graphql/graphql';
import type { Subject } from '../recommendations-state';
import type { LikelyCode } from './likely-codes';
import { PathStep } from './path-step';
import { useLikelyCodes } from './use-likely-codes';
import classes from './why.module.css';

interface PathProps {
  readonly steps: ListedRecommendationFragment['explanation'];
  readonly subject: Subject;
  /** The global ID of the model version that made the list; empty: the active one. */
  readonly version: string;
}

/** The decoder's way through the trie, code by code. */
export function Path({ steps, subject, version }: PathProps) {
  const { levels, error, retry } = useLikelyCodes(
    subject,
    version,
    steps.map(({ code }) => code),
  );
  return (
    <div>
      <Text size="xs" fw={600} mb={6}>
        The codes that the decoder wrote, and what else was likely at each
      </Text>
      <ol className={classes.path}>
        {steps.map((step, index) => (
          <PathStep
            key={step.level}
            step={step}
            isLast={index === steps.length - 1}
            others={levels ? othersThan(step.code, levels[index]) : error ? [] : null}
          />
        ))}
      </ol>
      {error && <Failure error={error} title="What else was likely could not be loaded" onRetry={retry} />}
    </div>
  );
}

const OTHERS_SHOWN = 3;

function othersThan(chosen: number, likely: readonly LikelyCode[]): readonly LikelyCode[] {
  return likely.filter(({ code }) => code !== chosen).slice(0, OTHERS_SHOWN);
}
