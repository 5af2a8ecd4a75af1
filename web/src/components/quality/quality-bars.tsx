import { formatFigure } from '../format/format';
import classes from './quality-bars.module.css';
import type { QualityRow } from './quality-figures';

/** One bar a method, with the 95 % interval as a line across its end. */
export function QualityBars({ rows }: { readonly rows: readonly QualityRow[] }) {
  const longest = Math.max(...rows.map(({ value, high }) => high ?? value), Number.EPSILON);
  const percent = (value: number) => `${(100 * value) / longest}%`;
  return (
    <ul className={classes.rows}>
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
