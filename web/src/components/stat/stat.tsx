import type { ReactNode } from 'react';
import { Link } from 'react-router';

import classes from './stat.module.css';

interface StatProps {
  readonly label: string;
  readonly value: ReactNode;
  readonly note?: ReactNode;
  readonly to?: string;
}

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

export function Stats({ children }: { readonly children: ReactNode }) {
  return <div className={classes.stats}>{children}</div>;
}
