import { Button, Code } from '@mantine/core';
import { useRouteError } from 'react-router';

import { Page } from '../components/page/page';
import { EmptyState } from '../components/states/empty-state';

/** A page that broke; the others still work. After an update of the server the code of old pages is gone: a reload gets the new one. */
export function RouteError() {
  const error = useRouteError();
  return (
    <Page title="Something broke">
      <EmptyState
        icon="warning"
        title="This page stopped working"
        text="Reload it. If it breaks again, the message below says where to look."
        action={<Button onClick={() => location.reload()}>Reload</Button>}
      >
        <Code block>{error instanceof Error ? error.message : String(error)}</Code>
      </EmptyState>
    </Page>
  );
}
