/** The URL of each page. A page's code is loaded when it is first opened. */
import { Anchor, Button, Center, Code, Loader } from '@mantine/core';
import { createBrowserRouter, Link, type RouteObject, useLocation, useRouteError } from 'react-router';

import { Page } from '../components/page/page';
import { EmptyState } from '../components/states/empty-state';
import { ConnectionNotice } from './connection-notice';
import { noteLeaving } from './leaving';
import { Shell } from './shell';

const pages: RouteObject[] = [
  { index: true, lazy: async () => ({ Component: (await import('../pages/overview/overview-page')).OverviewPage }) },
  { path: 'items', lazy: async () => ({ Component: (await import('../pages/items/items-page')).ItemsPage }) },
  {
    path: 'add-items',
    lazy: async () => ({ Component: (await import('../pages/items/add-items-page')).AddItemsPage }),
  },
  { path: 'items/:externalId', lazy: async () => ({ Component: (await import('../pages/items/item-page')).ItemPage }) },
  { path: 'users', lazy: async () => ({ Component: (await import('../pages/users/users-page')).UsersPage }) },
  { path: 'users/:externalId', lazy: async () => ({ Component: (await import('../pages/users/user-page')).UserPage }) },
  {
    path: 'recommendations',
    lazy: async () => ({
      Component: (await import('../pages/recommendations/recommendations-page')).RecommendationsPage,
    }),
  },
  {
    path: 'placements',
    lazy: async () => ({ Component: (await import('../pages/placements/earnings-page')).EarningsPage }),
  },
  {
    path: 'placements/:externalId',
    lazy: async () => ({ Component: (await import('../pages/placements/placement-page')).PlacementPage }),
  },
  {
    path: 'experiments',
    lazy: async () => ({ Component: (await import('../pages/experiments/experiments-page')).ExperimentsPage }),
  },
  {
    path: 'training',
    lazy: async () => ({ Component: (await import('../pages/training/training-page')).TrainingPage }),
  },
  {
    path: 'semantic-ids',
    lazy: async () => ({ Component: (await import('../pages/semantic-ids/semantic-ids-page')).SemanticIdsPage }),
  },
  { path: 'models', lazy: async () => ({ Component: (await import('../pages/models/models-page')).ModelsPage }) },
  { path: 'keys', lazy: async () => ({ Component: (await import('../pages/keys/keys-page')).KeysPage }) },
  { path: 'api', lazy: async () => ({ Component: (await import('../pages/api/api-page')).ApiPage }) },
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
