/** `tigerql mcp`: tools for an agent that starts programs. A server answers them. */
import type { Readable } from 'node:stream';

import { InvalidArgumentError } from 'commander';

import { serveStdio } from '../mcp/stdio';
import type { AddCommand } from './command';

export const addMcp: AddCommand = (program, environment) => {
  program
    .command('mcp')
    .description('give an agent the tools of a server, over stdin and stdout; TIGERQL_KEY is the key that it sends')
    .option('--url <url>', 'the server (default: the one at PORT on this machine)', webAddress)
    .action(async ({ url }: { readonly url?: URL }) => {
      const { port, key } = environment.config();
      const { stdin = process.stdin, stdout, signal } = environment;
      const ends = { stdin: stdin as Readable, stdout: stdout as NodeJS.WriteStream, signal };
      await serveStdio(url ?? new URL(`http://localhost:${port}`), key, ends);
    });
};

function webAddress(text: string): URL {
  if (/^https?:/.test(text) && URL.canParse(text)) return new URL(text);
  throw new InvalidArgumentError('Expected an address such as https://api.example.com.');
}
