import { useInterval } from '@mantine/hooks';
import { useEffect, useState } from 'react';

import type { Earnings } from '../../components/earnings/earnings';
import { formatCount, formatPrice, formatShare, presetName } from '../../components/format/format';
import { Stat, Stats } from '../../components/stat/stat';
import type { OverviewQuery, PresetName } from '../../graphql/graphql';

interface OverviewStatsProps {
  readonly catalogue: OverviewQuery['catalogue'];
  readonly unavailable: number;
  /** What lists earned lately; null where the key does not tell. */
  readonly earnings: Earnings | null;
  readonly modelNumber: number | null;
  readonly preset?: PresetName;
}

export function OverviewStats({ catalogue, unavailable, earnings, modelNumber, preset }: OverviewStatsProps) {
  const { itemCount, tokenizedItemCount, userCount, interactionCount } = catalogue;
  const health = useHealth();
  const withoutCodes = itemCount - tokenizedItemCount;
  return (
    <Stats>
      {earnings !== null && <Revenue earnings={earnings} />}
      <Stat
        label="Items"
        value={formatCount(itemCount)}
        note={modelNumber !== null && withoutCodes > 0 && `${formatCount(withoutCodes)} without a semantic ID`}
        to="/items"
      />
      <Stat
        label="Cannot be bought now"
        value={formatCount(unavailable)}
        note="out of stock, or outside of their dates"
        to="/items?show=unavailable"
      />
      <Stat label="Users" value={formatCount(userCount)} to="/users" />
      <Stat label="Interactions" value={formatCount(interactionCount)} />
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

/** What lists brought in; where no purchase has told its value, how often they were bought from. */
function Revenue({ earnings: { lists, purchased, revenue } }: { readonly earnings: Earnings }) {
  if (revenue.size === 0) {
    const share = lists === 0 ? '–' : formatShare(purchased / lists);
    return <Stat label="Lists purchased from" value={share} note={EARNED_IN} to="/placements" />;
  }
  return [...revenue].map(([currency, total]) => (
    <Stat
      key={currency}
      label="Revenue through lists"
      value={formatPrice(total, currency)}
      note={EARNED_IN}
      to="/placements"
    />
  ));
}

const EARNED_IN = 'in the last 7 days';

const INTERVAL_MS = 10_000;

interface Health {
  readonly ready: boolean;
  readonly reasons: readonly string[];
}

/** @returns What the server says of its own health; null before the first answer. */
function useHealth(): Health | null {
  const [health, setHealth] = useState<Health | null>(null);
  const look = async () => {
    const response = await fetch('/health/ready');
    return (await response.json()) as Health;
  };
  // Where nobody answers, or not with JSON, it is not ready.
  const ask = () =>
    void look()
      .catch(() => AWAY)
      .then(setHealth);
  useEffect(ask, []);
  useInterval(ask, INTERVAL_MS, { autoInvoke: true });
  return health;
}

const AWAY: Health = { ready: false, reasons: ['it does not answer'] };
