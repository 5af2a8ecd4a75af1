import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../../src/paths';

/** Files that a process of its own has loaded once it has the compiled server with all its commands. */
function loadedFiles(): string[] {
  const entries = ['app.js', 'commands/serve.js', 'commands/train.js', 'commands/evaluate.js'];
  const script = `
    for (const entry of ${JSON.stringify(entries)}) require('./dist/src/' + entry);
    console.log(JSON.stringify(Object.keys(require.cache)));`;
  const printed = execFileSync(process.execPath, ['-e', script], { cwd: PACKAGE_ROOT, encoding: 'utf8' });
  return JSON.parse(printed) as string[];
}

describe('the main thread', () => {
  it('loads the models folder without a tensor engine', () => {
    const loaded = loadedFiles();
    expect(loaded).toContain(join(PACKAGE_ROOT, 'dist', 'models', 'text', 'item-text.js'));
    expect(loaded.filter((file) => /@tensorflow|onnxruntime/.test(file))).toEqual([]);
  });
});
