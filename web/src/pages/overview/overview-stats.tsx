import { formatCount, formatShare } from '../../components/format/format';
import { Stat } from '../../components/stat/stat';
import { Stats } from '../../components/stat/stats';
import type { OverviewQuery } from '../../graphql/graphql';
import { useHealth } from './use-health';

interface OverviewStatsProps {
  readonly catalogue: OverviewQuery['catalogue'];
  readonly modelNumber: number | null;
  readonly preset?: string;
}

/** The figures that one looks at first. */
export function OverviewStats({ catalogue, modelNumber, preset }: OverviewStatsProps) {
  const { itemCount, tokenizedItemCount, userCount, interactionCount, version } = catalogue;
  const health = useHealth();
  const share = itemCount > 0 ? tokenizedItemCount / itemCount : 0;
  return (
    <Stats>
      <Stat
        label="Items"
        value={formatCount(itemCount)}
        note={modelNumber === null ? 'no semantic IDs yet' : `${formatShare(share)} have a semantic ID`}
        to="/items"
      />
      <Stat label="Users" value={formatCount(userCount)} to="/users" />
      <Stat label="Interactions" value={formatCount(interactionCount)} />
      <Stat label="Catalogue version" value={formatCount(version)} note="grows with each change" />
      <Stat
        label="Active model"
        value={modelNumber === null ? 'none' : `Version ${modelNumber}`}
        note={modelNumber === null ? 'popularity answers' : `preset ${preset}`}
      />
      <Stat
        label="Server"
        value={health === null ? '…' : health.ready ? 'Ready' : 'Not ready'}
        note={health?.reasons.join(', ')}
      />
    </Stats>
  );
}
