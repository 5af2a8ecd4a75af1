/** The set-up script in a little checkout, whose compiler and bundler are scripts of a few lines. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { PACKAGE_ROOT } from '../../src/paths';

/** Writes a server that says what it sees, and stays until its stdin ends. */
const COMPILER = `
const { mkdirSync, writeFileSync } = require('node:fs');
mkdirSync('dist/src', { recursive: true });
writeFileSync('dist/src/main.js', "console.log('serving'); process.stdin.resume();");
`;
/** Writes a page with the number of the build, as soon as a file allows it. */
const BUNDLER = `
const { appendFileSync, existsSync, mkdirSync, writeFileSync } = require('node:fs');
const out = process.argv[process.argv.indexOf('--outDir') + 1];
appendFileSync('builds', process.pid + '\\n');
const build = () => {
  if (existsSync('broken')) { console.error('web/src/main.tsx: expected a brace'); process.exit(1); }
  mkdirSync(out, { recursive: true });
  writeFileSync(out + '/index.html', 'page');
};
const wait = () => (existsSync('go') ? build() : setTimeout(wait, 20));
wait();
`;
const FILES: Readonly<Record<string, string>> = {
  '.swcrc': '{}',
  'package-lock.json': '{}',
  'graphql/schema.graphql': 'type Query { a: Int }',
  'src/main.ts': '',
  'prisma/generated/.stamp': '',
  'web/generate-types.mjs': '',
  'node_modules/.package-lock.json': '{}',
  'node_modules/@swc/cli/bin/swc.js': COMPILER,
  'node_modules/vite/bin/vite.js': BUNDLER,
};

let dir: string;
const started: ChildProcess[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tigerql-setup-'));
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  await copyFile(join(PACKAGE_ROOT, 'src', 'setup.mjs'), join(dir, 'src', 'setup.mjs'));
});
afterEach(async () => {
  for (const child of started.splice(0)) await end(child);
  await rm(dir, { recursive: true });
});

interface Run {
  readonly child: ChildProcess;
  /** Resolves when a line with this text has been written. */
  says(text: string): Promise<void>;
}

function setup(...args: string[]): Run {
  const child = spawn(process.execPath, ['src/setup.mjs', ...args], { cwd: dir, stdio: ['pipe', 'pipe', 'pipe'] });
  started.push(child);
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      for (const listener of listeners) listener();
    });
  }
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => output.includes(text) && resolve();
      listeners.add(look);
      child.once('close', () => reject(new Error(`setup: expected "${text}", got\n${output}`)));
      look();
    });
  return { child, says };
}

async function end(child: ChildProcess): Promise<void> {
  child.stdin?.end();
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

const allow = (name: string) => writeFile(join(dir, name), '');
const builds = async () => (await readFile(join(dir, 'builds'), 'utf8')).trim().split('\n');
const page = () => readFile(join(dir, 'dist', 'web', 'index.html'), 'utf8');

describe('setup', () => {
  it('starts the program before the console is built, and builds nothing at the next start', async () => {
    const first = setup('--run', 'serve');
    await first.says('serving');
    await expect(page()).rejects.toThrow('ENOENT');
    await allow('go');
    await first.says('The console is there.');
    await end(first.child);
    expect(await page()).toBe('page');
    const second = setup('--run', 'serve');
    await second.says('serving');
    await end(second.child);
    expect(await builds()).toHaveLength(1);
  });

  it('builds once when two start at the same time', async () => {
    const runs = [setup('--run', 'serve'), setup('--run', 'serve')];
    await Promise.all(runs.map(({ says }) => says('serving')));
    await allow('go');
    await Promise.race(runs.map(({ says }) => says('The console is there.')));
    await Promise.all(runs.map(({ child }) => end(child)));
    const last = setup();
    await end(last.child);
    expect(last.child.exitCode).toBe(0);
    expect(await builds()).toHaveLength(1);
  });

  it('serves on when the console cannot be built, and says why', async () => {
    await allow('go');
    await allow('broken');
    const run = setup('--run', 'serve');
    await Promise.all([run.says('serving'), run.says('web/src/main.tsx: expected a brace')]);
    expect(run.child.exitCode).toBeNull();
    await rm(join(dir, 'broken'));
    await end(setup('--rebuild').child);
    expect(await page()).toBe('page');
  });

  it('builds anew after a build that was killed, and shows none of what that left', async () => {
    await mkdir(join(dir, 'dist', 'web-next'), { recursive: true });
    const lock = join(dir, 'dist', '.console.lock');
    await writeFile(lock, '');
    await utimes(lock, 1, 1);
    await allow('go');
    const run = setup();
    await end(run.child);
    expect([run.child.exitCode, await page()]).toEqual([0, 'page']);
    expect((await readdir(join(dir, 'dist'))).sort()).toEqual(['.stamp', 'src', 'web']);
  });
});
