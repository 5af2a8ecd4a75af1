import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';

import { CommandError } from '../../../src/commands/command';
import { throwUserErrors, withApp } from '../../../src/commands/with-app';
import { readConfig } from '../../../src/config';

const dir = mkdtempSync(join(tmpdir(), 'tigerql-with-app-'));
afterAll(() => rmSync(dir, { recursive: true }));

describe('withApp', () => {
  const config = () => readConfig({ DATABASE_URL: `file:${join(dir, 'shop.db')}`, DATA_DIR: dir });
  const open = (stderr: PassThrough) => ({
    config,
    stdout: new PassThrough(),
    stderr,
    signal: new AbortController().signal,
  });

  it('shows the first admin key once, on stderr', async () => {
    const shown: string[] = [];
    for (let run = 0; run < 2; run++) {
      const stderr = new PassThrough();
      expect(await withApp(open(stderr), async ({ catalogue }) => catalogue.user('nobody'))).toBeNull();
      stderr.end();
      shown.push(await text(stderr));
    }
    expect(shown[0]).toMatch(/^Admin key {2}\S{16,} {2}\(shown only this once: keep it\)\n$/);
    expect(shown[1]).toBe('');
  });

  it('closes the app when the work fails', async () => {
    let read: () => Promise<unknown> = () => Promise.resolve();
    const failing = withApp(open(new PassThrough()), async ({ catalogue }) => {
      read = () => catalogue.user('nobody');
      throw new CommandError('work failed');
    });
    await expect(failing).rejects.toThrow('work failed');
    await expect(read()).rejects.toThrow();
  });
});

describe('throwUserErrors', () => {
  it('throws all messages as one', () => {
    const errors = ['one', 'two'].map((message) => ({ code: 'NOT_FOUND', message, field: [] }) as const);
    expect(() => throwUserErrors(errors)).toThrow(new CommandError('one; two'));
  });

  it('does nothing without errors', () => {
    expect(() => throwUserErrors([])).not.toThrow();
  });
});
