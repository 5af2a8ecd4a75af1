/** The URL of each page. A page's code is loaded when it is first opened. */
import { createBrowserRouter, type RouteObject } from 'react-router';

import { NotFound } from './not-found';
import { PageLoading } from './page-loading';
import { RouteError } from './route-error';
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
