import { join } from 'node:path';

import { PACKAGE_ROOT, packageVersion } from '../../src/paths';

describe('PACKAGE_ROOT', () => {
  it('is the folder of the package, whose version is that of its package.json', () => {
    expect(PACKAGE_ROOT).toBe(join(__dirname, '..', '..'));
    const { version } = jest.requireActual<{ version: string }>('../../package.json');
    expect(packageVersion()).toBe(version);
  });
});
