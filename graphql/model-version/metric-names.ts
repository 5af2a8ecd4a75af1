/** The names of metrics that have changed: for one version, clients get a metric under both names. */
import type { MetricRecord } from './records';

/** The new beginning of a name → the former one. Leave a line here for one version, then delete it. */
const FORMER_PREFIXES: Readonly<Record<string, string>> = { 'baseline.': 'floor.' };

/**
 * Gives each metric under its present name and, when it had another one, under that as well.
 *
 * @param metrics - As they are stored; model versions that were trained earlier have them under the former names.
 * @returns The metrics in their order; a former name follows the present one.
 */
export function underBothNames(metrics: readonly MetricRecord[]): MetricRecord[] {
  return metrics.flatMap((metric) => {
    const [present, former] = namesOf(metric.name);
    return former === null ? [metric] : [present, former].map((name) => ({ ...metric, name }));
  });
}

/** @returns The present name and the former one; null when the name has not changed. */
function namesOf(name: string): readonly [string, string | null] {
  for (const [present, former] of Object.entries(FORMER_PREFIXES)) {
    if (name.startsWith(present)) return [name, former + name.slice(present.length)];
    if (name.startsWith(former)) return [present + name.slice(former.length), name];
  }
  return [name, null];
}
