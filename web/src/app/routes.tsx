/** The URL of each page. A page's code is loaded when it is first opened. */
import type { ComponentType } from 'react';
import { createBrowserRouter, type RouteObject } from 'react-router';

import { noteLeaving } from './leaving';
import { NotFound } from './not-found';
import { fetchPageCode } from './page-code';
import { PageLoading } from './page-loading';
import { RouteError } from './route-error';
import { Shell } from './shell';

const pages: RouteObject[] = [
  {
    index: true,
    lazy: page('overview-page', async () => (await import('../pages/overview/overview-page')).OverviewPage),
  },
  { path: 'items', lazy: page('items-page', async () => (await import('../pages/items/items-page')).ItemsPage) },
  {
    path: 'add-items',
    lazy: page('add-items-page', async () => (await import('../pages/items/add-items-page')).AddItemsPage),
  },
  {
    path: 'items/:externalId',
    lazy: page('item-page', async () => (await import('../pages/items/item-page')).ItemPage),
  },
  { path: 'users', lazy: page('users-page', async () => (await import('../pages/users/users-page')).UsersPage) },
  {
    path: 'users/:externalId',
    lazy: page('user-page', async () => (await import('../pages/users/user-page')).UserPage),
  },
  {
    path: 'recommendations',
    lazy: page(
      'recommendations-page',
      async () => (await import('../pages/recommendations/recommendations-page')).RecommendationsPage,
    ),
  },
  {
    path: 'placements',
    lazy: page('placements-page', async () => (await import('../pages/placements/placements-page')).PlacementsPage),
  },
  {
    path: 'training',
    lazy: page('training-page', async () => (await import('../pages/training/training-page')).TrainingPage),
  },
  {
    path: 'semantic-ids',
    lazy: page(
      'semantic-ids-page',
      async () => (await import('../pages/semantic-ids/semantic-ids-page')).SemanticIdsPage,
    ),
  },
  { path: 'models', lazy: page('models-page', async () => (await import('../pages/models/models-page')).ModelsPage) },
  { path: 'keys', lazy: page('keys-page', async () => (await import('../pages/keys/keys-page')).KeysPage) },
  { path: 'api', lazy: page('api-page', async () => (await import('../pages/api/api-page')).ApiPage) },
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

/** @param name - That of its module. */
function page(name: string, load: () => Promise<ComponentType>) {
  return async () => {
    await fetchPageCode(name);
    return { Component: await load() };
  };
}
