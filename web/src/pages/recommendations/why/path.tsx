import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';

import { prefixItemsPath } from '../../../app/paths';
import { refetchAll } from '../../../app/session';
import { Codes } from '../../../components/codes/codes';
import { amongThem, formatShare, plural } from '../../../components/format/format';
import { Failure } from '../../../components/states/failure';
import { useFreshQuery } from '../../../components/states/use-fresh-query';
import {
  type LikelyItemsQueryVariables,
  LikelyItemsDocument,
  type ListedRecommendationFragment,
  type RecommendationOptions,
} from '../../../graphql/graphql';
import { type Subject, variablesOf } from '../recommendations-state';
import { likelyCodes } from './likely-codes';
import classes from './why.module.css';

interface PathProps {
  readonly steps: ListedRecommendationFragment['explanation'];
  readonly subject: Subject;
  /** The global ID of the model version that made the list; empty: the active one. */
  readonly version: string;
}

export function Path({ steps, subject, version }: PathProps) {
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
            likely={{ ...variablesOf(subject), options: likelyOptions(version, step.prefix.codes.slice(0, -1)) }}
          />
        ))}
      </ol>
    </div>
  );
}

/** Wider than lists need, so that each level shows codes beside the likeliest. */
const LIKELY_BEAM_WIDTH = 60;

/** Asks for the likeliest items under a prefix; a filter hides items and moves no probability. */
function likelyOptions(version: string, prefix: readonly number[]): RecommendationOptions {
  return {
    includeSeen: true,
    beamWidth: LIKELY_BEAM_WIDTH,
    ...(version !== '' && { modelVersion: version }),
    ...(prefix.length > 0 && { filter: { semanticIdPrefix: [...prefix] } }),
  };
}

const OTHERS_SHOWN = 3;

interface PathStepProps {
  readonly step: ListedRecommendationFragment['explanation'][number];
  readonly isLast: boolean;
  /** Asks what else was likely. */
  readonly likely: LikelyItemsQueryVariables;
}

/** One code: how probable it was, what it leaves, and what the decoder might have written instead. */
function PathStep({ step, isLast, likely }: PathStepProps) {
  const { level, code, logProbability, prefix } = step;
  const [{ data, error }] = useFreshQuery({ query: LikelyItemsDocument, variables: likely });
  const others = likelyCodes(data?.recommendations ?? { nodes: [] }, level).filter((other) => other.code !== code);
  return (
    <li className={classes.step}>
      <div className={classes.chosen}>
        <Codes codes={prefix.codes} />
        <Probability value={Math.exp(logProbability)} />
        <Text size="xs" c="dimmed" truncate dir="auto" ta="left">
          {isLast ? 'tells equal codes apart' : amongThem(prefix.terms, 2)}
        </Text>
        <Anchor component={Link} to={prefixItemsPath(prefix.codes)} size="xs">
          {plural(prefix.itemCount, 'item')}
        </Anchor>
      </div>
      {!data && !error && (
        <Text size="xs" c="dimmed">
          …
        </Text>
      )}
      {error && isLast && (
        <Failure error={error} title="What else was likely could not be loaded" onRetry={refetchAll} />
      )}
      {others.slice(0, OTHERS_SHOWN).map((other) => (
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
      <span className="numeric">{formatShare(value)}</span>
    </span>
  );
}
