import { Anchor, SegmentedControl, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';

import { formatCount, formatFigure } from '../../components/format/format';
import { Panel } from '../../components/panel/panel';
import classes from '../../components/quality/quality-bars.module.css';
import {
  aboveStrongestText,
  type Compared,
  FIGURE_LABELS,
  type QualityRow,
  qualityRows,
  toldFigures,
} from '../../components/quality/quality-figures';
import { EmptyState } from '../../components/states/empty-state';
import type { OverviewQuery } from '../../graphql/graphql';

/** How good the active model is on what it was not shown, beside the simple methods. */
export function QualityPanel({ model }: { readonly model: OverviewQuery['activeModel'] | null }) {
  const [compared, setCompared] = useState<Compared>('ndcg@10');
  if (!model) {
    return (
      <Panel title="Quality">
        <EmptyState
          icon="models"
          title="No model is active"
          text="Lists show the most popular items until a model is trained and active."
          action={
            <Anchor component={Link} to="/training">
              Go to the training
            </Anchor>
          }
        />
      </Panel>
    );
  }
  const { figures, users, isSeenKept } = toldFigures(model.metrics);
  const ofUsers = users === undefined ? '' : ` of ${formatCount(users)} users`;
  return (
    <Panel
      title="Quality"
      note={`on the held-out interactions${ofUsers}${isSeenKept ? ', in lists with items that they already had' : ''}`}
      actions={
        <SegmentedControl
          aria-label="Figure"
          size="xs"
          value={compared}
          onChange={(value) => setCompared(value as Compared)}
          data={Object.entries(FIGURE_LABELS).map(([value, label]) => ({ value, label }))}
        />
      }
    >
      <QualityBars rows={qualityRows(figures, compared)} />
      <Text size="sm" mt="xs">
        {aboveStrongestText(model)}
      </Text>
      <Text size="xs" c="dimmed" mt="xs">
        The line across a bar’s end is the 95 % interval.
      </Text>
    </Panel>
  );
}

/** One bar a method, with the 95 % interval as a line across its end. */
function QualityBars({ rows }: { readonly rows: readonly QualityRow[] }) {
  const longest = Math.max(...rows.map(({ value, high }) => high ?? value), Number.EPSILON);
  const percent = (value: number) => `${(100 * value) / longest}%`;
  return (
    <ul className="plain">
      {rows.map(({ id, label, kind, value, low, high }) => (
        <li key={id} className={classes.row} data-kind={kind}>
          <span className={classes.label}>{label}</span>
          <span className={`${classes.track} keeps-colors`} aria-hidden>
            <span className={classes.bar} style={{ width: percent(value) }} />
            {low !== null && high !== null && (
              <span className={classes.interval} style={{ left: percent(low), width: percent(high - low) }} />
            )}
          </span>
          <span className={classes.figure}>
            {formatFigure(value)}
            {low !== null && high !== null && (
              <span className={classes.range}>
                {formatFigure(low)}–{formatFigure(high)}
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
