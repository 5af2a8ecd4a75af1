import { closeSync, copyFileSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { atFolder, fileFault, fileFaultText, isDiskFault } from '../../../src/files/file-fault';
import { temporaryFolder } from '../../support/temporary-folder';

describe('fileFault and fileFaultText', () => {
  const dir = temporaryFolder();
  const errorOf = (work: () => unknown): unknown => {
    try {
      work();
    } catch (error) {
      return error;
    }
    throw new Error('it did not fail');
  };
  const EXPECTED = 'expected a file or folder that can be used, got';

  it('say what was got, where, and what to do', () => {
    expect(fileFaultText(errorOf(() => readFileSync(dir)))).toBe(null); // Node does not say where
    expect(fileFault(errorOf(() => readFileSync(dir)))).toBe('a folder (EISDIR); correct the path');
    const none = errorOf(() => readFileSync(join(dir, 'none')));
    expect(fileFaultText(none)).toBe(`${join(dir, 'none')}: ${EXPECTED} none (ENOENT)`);
    const [from, to] = [join(dir, 'none'), join(dir, 'copy')];
    expect(fileFaultText(errorOf(() => copyFileSync(from, to)))).toBe(`${from} → ${to}: ${EXPECTED} none (ENOENT)`);
  });

  it('name the folder where an open file does not say its path', () => {
    const file = openSync('/dev/full', 'w');
    const full = errorOf(() => writeSync(file, 'x'));
    closeSync(file);
    expect(fileFaultText(atFolder(full, '/shop'))).toBe(
      `/shop: ${EXPECTED} a disk that is full (ENOSPC); make room, or choose another`,
    );
    writeFileSync(join(dir, 'file'), '');
    const below = errorOf(() => writeFileSync(join(dir, 'file', 'x'), ''));
    expect(fileFaultText(atFolder(below, '/shop'))).toMatch(join(dir, 'file', 'x'));
    const other = new Error('other');
    expect(atFolder(other, '/shop')).toBe(other);
    expect(other).not.toHaveProperty('path');
  });
});

describe('isDiskFault', () => {
  it.each([
    ['ENOSPC', true],
    ['EDQUOT', true],
    ['EROFS', true],
    ['EACCES', false],
    [undefined, false],
  ])('says of an error with the code %s: %s', (code, expected) => {
    expect(isDiskFault(Object.assign(new Error('a file'), { code }))).toBe(expected);
  });
});
