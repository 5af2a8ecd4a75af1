import { Anchor } from '@mantine/core';
import { Link, useLocation } from 'react-router';

import { Page } from '../components/page/page';
import { EmptyState } from '../components/states/empty-state';

/** No page has this address. */
export function NotFound() {
  const { pathname } = useLocation();
  return (
    <Page title="Page not found">
      <EmptyState
        title="There is no page here"
        text={`Nothing has the address ${pathname}. It may have been mistyped.`}
        action={
          <Anchor component={Link} to="/">
            Go to the overview
          </Anchor>
        }
      />
    </Page>
  );
}
