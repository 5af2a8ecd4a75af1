import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BuiltConsole } from '../../../src/http/built-console';

describe('BuiltConsole', () => {
  let dist: string;
  let built: BuiltConsole;
  beforeEach(() => {
    dist = mkdtempSync(join(tmpdir(), 'tigerql-built-'));
    built = new BuiltConsole(dist);
  });
  afterEach(() => rmSync(dist, { recursive: true }));

  function write(name: string, text: string): string {
    mkdirSync(join(dist, 'web', 'assets'), { recursive: true });
    writeFileSync(join(dist, 'web', name), text);
    return join(dist, 'web', name);
  }

  it('is being built while the lock is touched, and not after a build that was killed', () => {
    expect(built.isBeingBuilt()).toBe(false);
    const lock = join(dist, '.console.lock');
    writeFileSync(lock, '5000');
    expect(built.isBeingBuilt()).toBe(true);
    utimesSync(lock, 1, 1);
    expect(built.isBeingBuilt()).toBe(false);
  });

  it('shows the page as soon as it is there, and the next one after it', () => {
    expect(built.html()).toBeNull();
    const page = write('index.html', 'the console');
    expect(built.html()).toBe('the console');
    write('index.html', 'the next console');
    utimesSync(page, 1, 1);
    expect(built.html()).toBe('the next console');
  });

  it('knows its own documents and assets alone', () => {
    expect(built.document('a1')).toBeUndefined();
    write('documents.json', '{"a1":"query { a }"}');
    expect(['a1', 'b2', 'constructor'].map((sha256) => built.document(sha256))).toEqual([
      'query { a }',
      undefined,
      undefined,
    ]);
    write('assets/a.js', '');
    expect([built.has('a.js'), built.has('b.js')]).toEqual([true, false]);
  });
});
