import { useEffect, useState } from 'react';

import { fetchInTime } from '../../app/fetch-in-time';

const INTERVAL_MS = 10_000;

export interface Health {
  readonly ready: boolean;
  readonly reasons: readonly string[];
}

/** @returns What the server says of its own health; null before the first answer. */
export function useHealth(): Health | null {
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
    const answer = (await (await fetchInTime('/health/ready')).json()) as Partial<Health> | null;
    // A proxy may keep this path for itself, and answer with JSON of its own.
    if (typeof answer?.ready === 'boolean' && Array.isArray(answer.reasons)) return answer as Health;
  } catch {
    // Nobody answers, or not with JSON.
  }
  return { ready: false, reasons: ['it does not answer'] };
}
