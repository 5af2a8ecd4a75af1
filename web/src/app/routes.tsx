/** The URL of each page. A page's code is loaded when it is first opened. */
import { Anchor, Button, Center, Code, Loader } from '@mantine/core';
import type { ComponentType } from 'react';
import { createBrowserRouter, Link, type RouteObject, useLocation, useRouteError } from 'react-router';

import { Page } from '../components/page/page';
import { EmptyState } from '../components/states/empty-state';
import { ConnectionNotice } from './connection-notice';
import { noteLeaving } from './leaving';
import { Shell } from './shell';

/** @param load - Loads the code of the page. */
function page(path: string, load: () => Promise<ComponentType>): RouteObject {
  return { path, lazy: async () => ({ Component: await load() }) };
}

const pages: RouteObject[] = [
  page('', async () => (await import('../pages/overview/overview-page')).OverviewPage),
  page('items', async () => (await import('../pages/items/items-page')).ItemsPage),
  page('items/:externalId', async () => (await import('../pages/items/item-page')).ItemPage),
  page('add-items', async () => (await import('../pages/items/add-items-page')).AddItemsPage),
  page('users', async () => (await import('../pages/users/users-page')).UsersPage),
  page('users/:externalId', async () => (await import('../pages/users/user-page')).UserPage),
  page(
    'recommendations',
    async () => (await import('../pages/recommendations/recommendations-page')).RecommendationsPage,
  ),
  page('placements', async () => (await import('../pages/placements/earnings-page')).EarningsPage),
  page('placements/:externalId', async () => (await import('../pages/placements/placement-page')).PlacementPage),
  page('experiments', async () => (await import('../pages/experiments/experiments-page')).ExperimentsPage),
  page('training', async () => (await import('../pages/training/training-page')).TrainingPage),
  page('semantic-ids', async () => (await import('../pages/semantic-ids/semantic-ids-page')).SemanticIdsPage),
  page('models', async () => (await import('../pages/models/models-page')).ModelsPage),
  page('keys', async () => (await import('../pages/keys/keys-page')).KeysPage),
  page('api', async () => (await import('../pages/api/api-page')).ApiPage),
  { path: '*', Component: NotFound },
];

export const router = createBrowserRouter([
  {
    Component: Shell,
    HydrateFallback: PageLoading,
    ErrorBoundary: RouteError,
    children: [{ ErrorBoundary: RouteError, children: pages }],
  },
]);

router.subscribe(({ navigation }) => noteLeaving(navigation.state !== 'idle'));

/** Shown while the code of the first page is loaded. */
function PageLoading() {
  return (
    <>
      <ConnectionNotice />
      <Center mih="60vh" role="status" aria-label="Loading the page">
        <Loader size="sm" />
      </Center>
    </>
  );
}

function NotFound() {
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

/** A page that broke; the others still work. After an update of the server the code of old pages is gone: a reload gets the new one. */
function RouteError() {
  const error = useRouteError();
  return (
    <Page title="Something broke">
      <EmptyState
        icon="warning"
        title="This page stopped working"
        text="Reload it. The server may have been away for a moment, or have a newer console. If it breaks again, the message below says where to look."
        action={<Button onClick={() => location.reload()}>Reload</Button>}
      >
        <Code block>{error instanceof Error ? error.message : String(error)}</Code>
      </EmptyState>
    </Page>
  );
}
