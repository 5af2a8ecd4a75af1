import type { ReactNode } from 'react';
import { Link } from 'react-router';

import classes from './stat.module.css';

interface StatProps {
  readonly label: string;
  readonly value: ReactNode;
  /** One line below it. */
  readonly note?: ReactNode;
  /** Where it leads. */
  readonly to?: string;
}

/** One figure with its name. */
export function Stat({ label, value, note, to }: StatProps) {
  const content = (
    <>
      <span className={classes.label}>{label}</span>
      <span className={classes.value}>{value}</span>
      <span className={classes.note}>{note}</span>
    </>
  );
  if (to === undefined) return <div className={classes.stat}>{content}</div>;
  return (
    <Link to={to} className={classes.stat}>
      {content}
    </Link>
  );
}

/** Figures in a row, as many as fit. */
export function Stats({ children }: { readonly children: ReactNode }) {
  return <div className={classes.stats}>{children}</div>;
}
