/** The set-up script in a little checkout, whose npm, compiler and bundler are scripts of a few lines. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import { PACKAGE_ROOT } from '../../src/paths';

/** Compiles every file to a server that says what it sees, and stays until its stdin ends. */
const COMPILER = `
exports.transformFile = async () => ({ code: "console.log('serving'); process.stdin.resume();", map: '{}' });
`;
/** Notes how it was called, and installs what the tests look for. */
const NPM = `#!/usr/bin/env node
const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
const args = process.argv.slice(2).filter((arg) => !/audit|fund|include|loglevel/.test(arg));
appendFileSync('npm-calls', args.join(' ') + '\\n');
if (!args.includes('--workspaces=false')) mkdirSync('node_modules/jest', { recursive: true });
writeFileSync('node_modules/.package-lock.json', '{}');
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
  'node_modules/@swc/core/index.js': COMPILER,
  'node_modules/vite/bin/vite.js': BUNDLER,
  'bin/npm': NPM,
};

let dir: string;
const started: ChildProcess[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tigerql-setup-'));
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  await chmod(join(dir, 'bin', 'npm'), 0o755);
  await cp(join(PACKAGE_ROOT, 'src', 'setup.mjs'), join(dir, 'src', 'setup.mjs'));
  await cp(join(PACKAGE_ROOT, 'src', 'setup'), join(dir, 'src', 'setup'), { recursive: true });
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
  const child = spawn(process.execPath, ['src/setup.mjs', ...args], {
    cwd: dir,
    env: { ...process.env, PATH: [join(dir, 'bin'), process.env.PATH].join(delimiter) },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
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
const npmCalls = async () => (await readFile(join(dir, 'npm-calls'), 'utf8')).trim().split('\n');
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

  it('installs what only the checks need when a check asks for it, and leaves in place what is there', async () => {
    await allow('go');
    await end(setup('--server').child);
    await end(setup('--tests').child);
    await end(setup('--server').child);
    expect(await npmCalls()).toEqual(['ci --workspaces=false', 'install --no-save']);
  });

  it('installs a new lock file once, with the packages of the checks where they are', async () => {
    await allow('go');
    await end(setup('--tests').child);
    await writeFile(join(dir, 'package-lock.json'), '{"packages":{}}');
    await Promise.all(['--server', '--tests'].map((flag) => end(setup(flag).child)));
    expect(await npmCalls()).toEqual(['ci', 'install --no-save']);
  });

  it('installs anew after an install that failed, and says why it did', async () => {
    await rename(join(dir, 'bin', 'npm'), join(dir, 'bin', 'npm-that-works'));
    await writeFile(join(dir, 'bin', 'npm'), '#!/bin/sh\necho the lock file does not fit >&2; exit 1', { mode: 0o755 });
    const failing = setup('--server');
    await failing.says('the lock file does not fit');
    await end(failing.child);
    expect(failing.child.exitCode).toBe(1);
    await rename(join(dir, 'bin', 'npm-that-works'), join(dir, 'bin', 'npm'));
    await end(setup('--server').child);
    expect(await npmCalls()).toEqual(['ci --workspaces=false']);
  });
});
