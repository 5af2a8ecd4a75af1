import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

let outer: string;

beforeAll(() => (outer = mkdtempSync(join(tmpdir(), 'tigerql-jest-'))));
afterAll(() => rmSync(outer, { recursive: true, force: true }));

it.each(['jest.config.js', 'jest.browser.config.js'])(
  '%s finds its tests in a folder whose name has characters of patterns',
  (config) => {
    const folder = join(outer, `my shop's (1) [x] {y} ${config}`);
    mkdirSync(folder);
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    for (const name of [
      'package.json',
      'jest.config.js',
      'jest.browser.config.js',
      'tests/support',
      'tests/web/browser',
    ])
      cpSync(join(ROOT, name), join(folder, name), { recursive: true });
    cpSync(__filename, join(folder, 'tests', 'some.test.ts'));
    const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
    const found = execFileSync(process.execPath, [jest, '--config', config, '--listTests'], { cwd: folder }).toString();
    expect(found.includes('/tests/some.test.ts')).toBe(config === 'jest.config.js');
    expect(found.includes('/tests/web/browser/')).toBe(config === 'jest.browser.config.js');
  },
);
