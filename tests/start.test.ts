/** Follows docs/start.md: runs its commands in their order, in an empty folder, with the files that it shows. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';

import { PACKAGE_ROOT } from '../src/paths';
import { temporaryFolder } from './support/temporary-folder';
import { until } from './support/until';

interface Block {
  readonly name: string | undefined;
  readonly text: string;
}

const isServer = ({ text }: Block) => text === 'npx tigerql\n' || text.includes('node shop.mjs');

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('docs/start.md', () => {
  const dir = temporaryFolder();
  const servers: ChildProcess[] = [];

  beforeAll(async () => {
    // In place of the first step, which .ci/package tries.
    await mkdir(join(dir, 'node_modules', '.bin'), { recursive: true });
    const program = `#!/bin/sh\nexec ${process.execPath} ${join(PACKAGE_ROOT, 'dist', 'src', 'main.js')} "$@"\n`;
    await writeFile(join(dir, 'node_modules', '.bin', 'tigerql'), program, { mode: 0o755 });
  });
  afterAll(async () => {
    const running = servers.filter(({ exitCode }) => exitCode === null);
    const ended = running.map((server) => once(server, 'exit'));
    for (const { pid } of running) process.kill(-pid!, 'SIGTERM');
    await Promise.all(ended);
  });

  it('leads to a page with lists of the own shop, which follow what a user looks at', async () => {
    const ports = { '4000': await freePort(), '8080': await freePort() };
    const env = { ...process.env, PORT: String(ports['4000']), HOST: '127.0.0.1', TIGERQL_DEMO: 'false' };
    const said = (child: ChildProcess) => {
      let text = '';
      for (const stream of [child.stdout!, child.stderr!])
        stream.on('data', (chunk: Buffer) => (text += String(chunk)));
      return () => text;
    };
    const begin = (text: string) => {
      // A group of its own: npx passes no signal on.
      const child = spawn('bash', ['-ec', text], { cwd: dir, env, detached: true });
      return { child, text: said(child) };
    };

    const page = (await readFile(join(PACKAGE_ROOT, 'docs', 'start.md'), 'utf8'))
      .replaceAll('localhost:4000', `127.0.0.1:${ports['4000']}`)
      .replaceAll('listen(8080)', `listen(${ports['8080']})`);
    const blocks: Block[] = [...page.matchAll(/^```\w+(?: (\S+))?\n(.*?)^```/gms)].map(([, name, text]) => ({ name, text })); // prettier-ignore
    const answers: string[] = [];
    for (const block of blocks.slice(1)) {
      if (block.name !== undefined) {
        await mkdir(dirname(join(dir, block.name)), { recursive: true });
        await writeFile(join(dir, block.name), block.text);
        continue;
      }
      const key = /tql_[\w-]+/.exec(answers.join())?.[0] ?? '';
      const { child, text } = begin(block.text.replace('tql_…', key));
      if (isServer(block)) servers.push(child);
      if (block.text === 'npx tigerql\n') await saysReady(child, text);
      if (isServer(block)) continue;
      const [code] = await once(child, 'close');
      if (code !== 0) throw new Error(`${block.text}: expected exit code 0, got ${code}\n${text()}`);
      answers.push(text());
    }

    const [imported, trained, list] = answers;
    expect(imported).toContain('Added    7 items, 16 users, 32 interactions');
    expect(trained).toContain('Model version 1, ACTIVE');
    expect(list).toContain('"title":"Green tea"');
    const open = (query: string) => fetch(`http://127.0.0.1:${ports['8080']}/${query}`).then((page) => page.text());
    const first = await until(() => open('?user=zoe').catch(() => null));
    const [, link, title] = /<a href="([^"]+)">([^<]+)/.exec(first)!;
    const next = await open(link.replaceAll('&#38;', '&'));
    expect(next).toContain('For zoe');
    const query = '{ user(externalId: "zoe") { history { nodes { kind item { title } } } } }';
    const key = /tql_[\w-]+/.exec(answers.join())![0];
    const asked = await fetch(`http://127.0.0.1:${ports['4000']}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ query }),
    });
    expect(await asked.json()).toEqual({ data: { user: { history: { nodes: [{ kind: 'VIEW', item: { title } }] } } } });
  }, 300_000);
});

function saysReady(child: ChildProcess, text: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout!.on('data', () => text().includes('is ready at') && resolve());
    child.once('exit', (code) => reject(new Error(`npx tigerql: expected it to get ready, got ${code}\n${text()}`)));
  });
}
