import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';

import { prefixItemsPath } from '../../../app/paths';
import { amongThem } from '../../../components/codes/among-them';
import { Codes } from '../../../components/codes/codes';
import { formatProbability } from '../../../components/format/format';
import { plural } from '../../../components/format/plural';
import type { ListedRecommendationFragment } from '../../../graphql/graphql';
import type { LikelyCode } from './likely-codes';
import classes from './why.module.css';

interface PathStepProps {
  readonly step: ListedRecommendationFragment['explanation'][number];
  /** Whether it is the collision token. */
  readonly isLast: boolean;
  /** Other codes that were likely; null while they are on their way. */
  readonly others: readonly LikelyCode[] | null;
}

/** One code: how probable it was, what it leaves, and what the decoder might have written instead. */
export function PathStep({ step, isLast, others }: PathStepProps) {
  const { code, logProbability, prefix } = step;
  const probability = Math.exp(logProbability);
  return (
    <li className={classes.step}>
      <div className={classes.chosen}>
        <Codes codes={prefix.codes} />
        <Probability value={probability} />
        <Text size="xs" c="dimmed" truncate dir="auto" ta="left">
          {isLast ? 'tells equal codes apart' : amongThem(prefix.topCategories, 2)}
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
