/** The pages of the console, as the navigation groups them. */
import type { IconName } from '../components/icon/icon';
import { ADD_ITEMS_PATH } from './paths';

export interface NavigationEntry {
  readonly label: string;
  readonly path: string;
  readonly icon: IconName;
  /** Another page that belongs to it. */
  readonly also?: string;
}

export interface NavigationGroup {
  readonly label: string | null;
  readonly entries: readonly NavigationEntry[];
}

export const NAVIGATION: readonly NavigationGroup[] = [
  { label: null, entries: [{ label: 'Overview', path: '/', icon: 'overview' }] },
  {
    label: 'Shop',
    entries: [
      { label: 'Items', path: '/items', icon: 'items', also: ADD_ITEMS_PATH },
      { label: 'Users', path: '/users', icon: 'users' },
      { label: 'Recommendations', path: '/recommendations', icon: 'sparkle' },
      { label: 'Placements', path: '/placements', icon: 'placements' },
    ],
  },
  {
    label: 'Model',
    entries: [
      { label: 'Semantic IDs', path: '/semantic-ids', icon: 'semantic-ids' },
      { label: 'Training', path: '/training', icon: 'training' },
      { label: 'Models', path: '/models', icon: 'models' },
    ],
  },
  {
    label: 'Access',
    entries: [
      { label: 'Keys', path: '/keys', icon: 'key' },
      { label: 'API', path: '/api', icon: 'api' },
    ],
  },
];
