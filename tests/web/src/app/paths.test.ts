import { matchPath, resolvePath } from 'react-router';

import { externalIdOf, itemPath, userPath } from '../../../../web/src/app/paths';

/** As a browser and the routes read an address. */
function readBack(path: string, pattern: string): string {
  const { pathname, search } = new URL(resolvePath(path).pathname + resolvePath(path).search, 'http://shop');
  const segment = matchPath(pattern, decoded(pathname))?.params.externalId ?? '';
  return externalIdOf(segment, new URLSearchParams(search));
}

/** React Router reads each part of a path so before it compares them. */
function decoded(pathname: string): string {
  return pathname
    .split('/')
    .map((part) => decodeURIComponent(part).replace(/\//g, '%2F'))
    .join('/');
}

describe('itemPath and userPath', () => {
  it.each(['mug-1', 'a/b', 'add', '.', '..', '...', 'a%2Fb', '100%', '_', '?id=x', 'ü b', '#', '\\'])(
    'lead back to the ID %j',
    (id) => {
      expect(readBack(itemPath(id), '/items/:externalId')).toBe(id);
      expect(readBack(userPath(id), '/users/:externalId')).toBe(id);
    },
  );
});
