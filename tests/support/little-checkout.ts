/** A little checkout, whose npm, Prisma, compiler and bundler are scripts of a few lines, and the set-up script in it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';

import { PACKAGE_ROOT } from '../../src/paths';
import { temporaryFolder } from './temporary-folder';

/** Compiles every file to a server that says what it sees, and stays until its stdin ends. */
const COMPILER = `
exports.transformFile = async () => ({ code: "console.log('serving'); process.stdin.resume();", map: '{}' });
`;
/** Notes how it was called, and installs what the tests look for. */
const NPM = `#!/usr/bin/env node
const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
const args = process.argv.slice(2).filter((arg) => !/audit|fund|include|loglevel/.test(arg));
appendFileSync('npm-calls', args.join(' ') + '\\n');
appendFileSync('onnxruntime-installs', process.env.ONNXRUNTIME_NODE_INSTALL + '\\n');
if (!args.includes('--workspaces=false')) mkdirSync('node_modules/jest', { recursive: true });
writeFileSync('node_modules/.package-lock.json', '{}');
`;
/** Writes a page with the number of the build, as soon as a file allows it. */
const BUNDLER = `
const { appendFileSync, existsSync, mkdirSync, watch, writeFileSync } = require('node:fs');
const out = process.argv[process.argv.indexOf('--outDir') + 1];
appendFileSync('builds', process.pid + '\\n');
const build = () => {
  if (existsSync('broken')) { console.error('web/src/main.tsx: expected a brace'); process.exit(1); }
  mkdirSync(out, { recursive: true });
  writeFileSync(out + '/index.html', 'page');
};
const watcher = watch('.', look);
function look() {
  if (!existsSync('go')) return;
  watcher.close();
  build();
}
look();
`;
const FILES: Readonly<Record<string, string>> = {
  '.swcrc': '{}',
  'package.json': '{"engines":{"node":">=20"}}',
  'package-lock.json': '{}',
  'graphql/schema.graphql': 'type Query { a: Int }',
  'src/main.ts': '',
  'prisma/generated/.stamp': '',
  'web/generate-types.mjs': '',
  'node_modules/@swc/core/index.js': COMPILER,
  'node_modules/vite/bin/vite.js': BUNDLER,
  'bin/npm': NPM,
};

export interface LittleCheckout {
  readonly dir: string;
  /** Runs the set-up script. Whatever still runs at the end of the test ends then. */
  setup(...args: string[]): Run;
  /** @returns The lines of a file, which each call of a little script adds one to. */
  lines(name: string): Promise<string[]>;
  /** Lets the console be built. */
  allowBuild(): Promise<void>;
  page(): Promise<string>;
}

export interface Run {
  readonly child: ChildProcess;
  /** Resolves when a line with this text has been written. */
  says(text: string): Promise<void>;
}

/** Makes a checkout before each test of this file, and removes it after it. Use what it returns inside of tests only. */
export function useLittleCheckout(): LittleCheckout {
  let dir: string;
  const started: ChildProcess[] = [];
  beforeEach(async () => {
    dir = await makeCheckout();
  });
  afterEach(async () => {
    for (const child of started.splice(0)) await end(child);
  });
  return {
    get dir() {
      return dir;
    },
    setup(...args) {
      const run = runSetup(dir, args);
      started.push(run.child);
      return run;
    },
    lines: async (name) => (await readFile(join(dir, name), 'utf8')).trim().split('\n'),
    allowBuild: () => writeFile(join(dir, 'go'), ''),
    page: () => readFile(join(dir, 'dist', 'web', 'index.html'), 'utf8'),
  };
}

async function makeCheckout(): Promise<string> {
  const dir = temporaryFolder();
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  await chmod(join(dir, 'bin', 'npm'), 0o755);
  for (const name of ['check-node.js', 'setup.mjs', 'setup'])
    await cp(join(PACKAGE_ROOT, 'src', name), join(dir, 'src', name), { recursive: true });
  return dir;
}

/** A build has the least priority, and would hardly run beside others' work. Here it has the usual one. */
const USUAL_PRIORITY = `--import=data:text/javascript,${encodeURIComponent(
  "import os from 'node:os'; import { syncBuiltinESMExports } from 'node:module'; os.setPriority = () => undefined; syncBuiltinESMExports();",
)}`;

function runSetup(dir: string, args: readonly string[]): Run {
  const child = spawn(process.execPath, ['src/setup.mjs', ...args], {
    cwd: dir,
    env: { ...process.env, NODE_OPTIONS: USUAL_PRIORITY, PATH: [join(dir, 'bin'), process.env.PATH].join(delimiter) },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
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

/** Lets the program end, and waits for it. */
export async function end(child: ChildProcess): Promise<void> {
  child.stdin?.end();
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
