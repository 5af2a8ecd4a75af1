import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../../../src/paths';

describe('onParentEnd', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)('stops a server whose npx got %s', async (signal) => {
    const dir = mkdtempSync(join(tmpdir(), 'tigerql-npx-'));
    const program = join(PACKAGE_ROOT, 'dist', 'src', 'main.js');
    // npx starts the program by a shell, which does not replace itself.
    const shell = spawn('sh', ['-c', `"${process.execPath}" "${program}" serve; true`], {
      cwd: dir,
      env: { PATH: process.env.PATH, npm_command: 'exec', HOST: '127.0.0.1', PORT: '0', TIGERQL_DEMO: 'false' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    const ready = new Promise<void>((resolve) =>
      shell.stdout.on('data', (data) => (output += String(data)).includes('is ready at') && resolve()),
    );
    await ready;
    // The server holds the other end of the pipe until it ends.
    const ended = once(shell.stdout, 'close');
    shell.kill(signal);
    await ended;
    expect(output).toContain('Stopping: running requests finish first.');
    rmSync(dir, { recursive: true });
  });
});
