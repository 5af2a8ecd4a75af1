import { Anchor } from '@mantine/core';
import { Link } from 'react-router';

import { Icon } from '../icon/icon';
import classes from './back-link.module.css';

/** The way up, above a page's title. */
export function BackLink({ to, children }: { readonly to: string; readonly children: string }) {
  return (
    <Anchor component={Link} to={to} size="sm" className={classes.back}>
      <Icon name="back" size={15} />
      {children}
    </Anchor>
  );
}
