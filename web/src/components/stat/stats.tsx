import type { ReactNode } from 'react';

import classes from './stat.module.css';

/** Figures in a row, as many as fit. */
export function Stats({ children }: { readonly children: ReactNode }) {
  return <div className={classes.stats}>{children}</div>;
}
