import { useEffect, useState } from 'react';

import { formatCount, formatShare, presetName } from '../../components/format/format';
import { Stat, Stats } from '../../components/stat/stat';
import type { OverviewQuery, PresetName } from '../../graphql/graphql';

interface OverviewStatsProps {
  readonly catalogue: OverviewQuery['catalogue'];
  readonly modelNumber: number | null;
  readonly preset?: PresetName;
}

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
        note={modelNumber === null ? 'popularity answers' : `preset ${preset === undefined ? '' : presetName(preset)}`}
      />
      <Stat
        label="Server"
        value={health === null ? '…' : health.ready ? 'Ready' : 'Not ready'}
        note={health?.reasons.join(', ')}
      />
    </Stats>
  );
}

const INTERVAL_MS = 10_000;

interface Health {
  readonly ready: boolean;
  readonly reasons: readonly string[];
}

/** @returns What the server says of its own health; null before the first answer. */
function useHealth(): Health | null {
  const [health, setHealth] = useState<Health | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const look = async () => {
      const next = await readHealth();
      if (isCurrent) setHealth(next);
    };
    void look();
    const timer = setInterval(() => void look(), INTERVAL_MS);
    return () => {
      isCurrent = false;
      clearInterval(timer);
    };
  }, []);
  return health;
}

async function readHealth(): Promise<Health> {
  try {
    return (await (await fetch('/health/ready')).json()) as Health;
  } catch {
    // Nobody answers, or not with JSON.
  }
  return { ready: false, reasons: ['it does not answer'] };
}
