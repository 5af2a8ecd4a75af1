import { Group, NativeSelect, SegmentedControl } from '@mantine/core';
import { useMemo } from 'react';

import { type Axes, CurveChart } from '../../components/curves/curve-chart';
import { formatCount, formatDay, formatPrice, formatShare } from '../../components/format/format';
import { Panel } from '../../components/panel/panel';
import { EmptyState } from '../../components/states/empty-state';
import { QueryView } from '../../components/states/query-view';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { EarningsDocument } from '../../graphql/graphql';
import { earningsCurves, type EarningsFigure, type EarningsParts } from './earnings-curves';

const DAYS_AXIS = { label: 'Day', step: formatDay };
const SHARES: Axes = { ...DAYS_AXIS, value: formatShare, marks: formatShare };
const FIGURES: Readonly<Record<EarningsFigure, { readonly label: string; readonly axes: Axes }>> = {
  revenue: { label: 'Revenue', axes: { ...DAYS_AXIS, value: (value) => formatPrice(value) } },
  clicked: { label: 'Lists clicked', axes: SHARES },
  purchased: { label: 'Lists purchased from', axes: SHARES },
  lists: { label: 'Lists', axes: { ...DAYS_AXIS, value: formatCount } },
};

interface EarningsPanelProps {
  readonly days: number;
  readonly figure: EarningsFigure;
  readonly parts: EarningsParts;
  readonly onChange: (changes: { figure?: EarningsFigure; parts?: EarningsParts }) => void;
}

/** One figure day by day: a curve for each placement, for each version that made its lists, or for each arm of its experiments. */
export function EarningsPanel({ days, figure, parts, onChange }: EarningsPanelProps) {
  const [result, ask] = useFreshQuery({ query: EarningsDocument, variables: { days } }, 'earnings');
  const placements = result.data?.placements;
  const curves = useMemo(
    () => earningsCurves(placements ?? [], { figure, parts, days }),
    [placements, figure, parts, days],
  );
  const { label, axes } = FIGURES[figure];
  return (
    <Panel title="Day by day" note="days in UTC; drag to enlarge, click twice to see all">
      <Group gap="sm" mb="md">
        <NativeSelect
          aria-label="Figure"
          size="xs"
          data={Object.entries(FIGURES).map(([value, { label }]) => ({ value, label }))}
          value={figure}
          onChange={({ currentTarget }) => onChange({ figure: currentTarget.value as EarningsFigure })}
        />
        <SegmentedControl
          aria-label="Curves"
          size="xs"
          data={[
            { value: 'placement', label: 'By placement' },
            { value: 'version', label: 'By version' },
            { value: 'arm', label: 'By arm' },
          ]}
          value={parts}
          onChange={(value) => onChange({ parts: value as EarningsParts })}
        />
      </Group>
      <QueryView result={result} what="The days" lines={10} onRetry={() => ask({ requestPolicy: 'network-only' })}>
        {() =>
          curves.length === 0 ? (
            <EmptyState icon="training" title={nothingOf(figure, parts)} />
          ) : (
            <CurveChart
              label={`${label} by day, ${curves.length} curves; the table below has the sums`}
              curves={curves}
              axes={axes}
              height={260}
            />
          )
        }
      </QueryView>
    </Panel>
  );
}

function nothingOf(figure: EarningsFigure, parts: EarningsParts): string {
  if (figure === 'revenue') return 'No purchase has told its value';
  return parts === 'arm' ? 'No experiment in these days' : 'Nothing in these days';
}
