/** What running trainings have reported while the page was open. */
import type { Point } from '../../components/curves/curve-data';
import type { LiveProgressFragment, TrainingPhase } from '../../graphql/graphql';

export type Report = LiveProgressFragment;

export interface LogLine {
  readonly jobId: string;
  readonly phase: TrainingPhase;
  readonly at: string;
  readonly totalSteps: number;
}

/** @returns The log with a line for the phase, which a job reports many times. */
export function withPhase(log: readonly LogLine[], line: LogLine): readonly LogLine[] {
  const last = log.findLast(({ jobId }) => jobId === line.jobId);
  return last?.phase === line.phase ? log : [...log, line];
}

/** The points of curves that have arrived. */
export class LivePoints {
  private readonly curves = new Map<string, Point[]>();

  add(report: Report): void {
    for (const [metric, value] of figuresOf(report)) {
      const key = `${report.job.id} ${metric}`;
      const curve = this.curves.get(key) ?? [];
      curve.push({ step: report.step, value });
      this.curves.set(key, curve);
    }
  }

  of(jobId: string, metric: string): readonly Point[] {
    return this.curves.get(`${jobId} ${metric}`) ?? [];
  }
}

/** @returns Each figure under the name that the server stores it by. */
function figuresOf({ phase, loss, metrics }: Report): [string, number][] {
  const prefix = phase === 'SEQ2SEQ' ? '' : `${phase.toLowerCase()}.`;
  const all = metrics.map(({ name, value }): [string, number] => [prefix + name, value]);
  return loss == null ? all : [[`${prefix}loss`, loss], ...all];
}
