import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';

import { prefixItemsPath } from '../../../app/paths';
import { Codes } from '../../../components/codes/codes';
import { amongThem, formatProbability, plural } from '../../../components/format/format';
import { Failure } from '../../../components/states/failure';
import type { ListedRecommendationFragment } from '../../../graphql/graphql';
import type { Subject } from '../recommendations-state';
import type { LikelyCode } from './likely-codes';
import { useLikelyCodes } from './use-likely-codes';
import classes from './why.module.css';

interface PathProps {
  readonly steps: ListedRecommendationFragment['explanation'];
  readonly subject: Subject;
  /** The global ID of the model version that made the list; empty: the active one. */
  readonly version: string;
}

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

interface PathStepProps {
  readonly step: ListedRecommendationFragment['explanation'][number];
  readonly isLast: boolean;
  /** Other codes that were likely; null while they are on their way. */
  readonly others: readonly LikelyCode[] | null;
}

/** One code: how probable it was, what it leaves, and what the decoder might have written instead. */
function PathStep({ step, isLast, others }: PathStepProps) {
  const { code, logProbability, prefix } = step;
  const probability = Math.exp(logProbability);
  return (
    <li className={classes.step}>
      <div className={classes.chosen}>
        <Codes codes={prefix.codes} />
        <Probability value={probability} />
        <Text size="xs" c="dimmed" truncate dir="auto" ta="left">
          {isLast ? 'tells equal codes apart' : amongThem(prefix.terms, 2)}
        </Text>
        <Anchor component={Link} to={prefixItemsPath(prefix.codes)} size="xs">
          {plural(prefix.itemCount, 'item')}
        </Anchor>
      </div>
      {others === null && (
        <Text size="xs" c="dimmed">
          …
        </Text>
      )}
      {others?.map((other) => (
        <div key={other.code} className={classes.other}>
          <span className={classes.otherCode}>
            {other.code}
            <span className="visually-hidden"> instead of {code}</span>
          </span>
          <Probability value={other.probability} isOther />
          <Text size="xs" c="dimmed" truncate title={other.example}>
            such as <bdi>{other.example}</bdi>
          </Text>
        </div>
      ))}
    </li>
  );
}

function Probability({ value, isOther = false }: { readonly value: number; readonly isOther?: boolean }) {
  return (
    <span className={classes.probability}>
      <span className={`${classes.track} keeps-colors`} aria-hidden>
        <span data-other={isOther || undefined} style={{ width: `${Math.max(1, 100 * value)}%` }} />
      </span>
      <span className="numeric">{formatProbability(value)}</span>
    </span>
  );
}
