import { Link } from 'react-router';

import classes from './brand.module.css';

/** The name, which leads home. */
export function Brand() {
  return (
    <Link to="/" className={classes.brand}>
      <img src="/favicon.svg" alt="" width={24} height={24} />
      <span>tigerql</span>
    </Link>
  );
}
