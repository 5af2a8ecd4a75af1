import { Anchor } from '@mantine/core';
import { Link } from 'react-router';

import { placementPath } from '../../app/paths';
import { sumOf } from '../../components/earnings/earnings';
import { formatCount, formatPrice, formatShare } from '../../components/format/format';
import { Panel } from '../../components/panel/panel';
import type { LastWeekQuery } from '../../graphql/graphql';
import classes from './small-table.module.css';

interface PlacementsPanelProps {
  readonly placements: NonNullable<LastWeekQuery['placements']>;
}

/** What the lists of each place in the shop did in the last week, and the way to change how they are made. */
export function PlacementsPanel({ placements }: PlacementsPanelProps) {
  return (
    <Panel
      title="What lists earn"
      note="in the last 7 days"
      actions={
        <Anchor component={Link} to="/placements" size="sm">
          All figures
        </Anchor>
      }
      isFlush
    >
      <table className={classes.table} aria-label="What lists earn">
        <thead>
          <tr>
            <th>Placement</th>
            <th className={classes.number}>Lists</th>
            <th className={classes.number}>Clicked</th>
            <th className={classes.number}>Revenue</th>
          </tr>
        </thead>
        <tbody>
          {placements.map(({ name, figures }) => {
            const { lists, clicked, revenue } = sumOf(figures);
            return (
              <tr key={name}>
                <td>
                  <Anchor component={Link} to={placementPath(name)} size="sm">
                    {name}
                  </Anchor>
                </td>
                <td className={classes.number}>{formatCount(lists)}</td>
                <td className={classes.number}>{lists === 0 ? '–' : formatShare(clicked / lists)}</td>
                <td className={classes.number}>
                  {revenue.size === 0
                    ? '–'
                    : [...revenue].map(([currency, total]) => <div key={currency}>{formatPrice(total, currency)}</div>)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Panel>
  );
}
