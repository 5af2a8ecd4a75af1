import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';

import { InvalidArgumentError } from 'commander';

import { printResult, wholeNumber, withProgress, type CommandEnvironment } from '../../../src/commands/command';

function environment(): CommandEnvironment & { stdout: PassThrough; stderr: PassThrough } {
  const config = () => {
    throw new Error('config: expected no call');
  };
  const { signal } = new AbortController();
  return { config, stdout: new PassThrough(), stderr: new PassThrough(), signal };
}

describe('wholeNumber', () => {
  it('reads a number within its bounds', () => {
    expect(['0', '7', '10'].map(wholeNumber(0, 10))).toEqual([0, 7, 10]);
  });

  it.each(['11', '1.5', ''])('refuses "%s"', (value) => {
    expect(() => wholeNumber(0, 10)(value)).toThrow(InvalidArgumentError);
    expect(() => wholeNumber(0, 10)(value)).toThrow('Expected a whole number from 0 to 10.');
  });
});

describe('printResult', () => {
  it.each([
    ['text for people', {}, 'two items\n'],
    ['one JSON document', { json: true }, '{\n  "items": 2\n}\n'],
  ])('prints %s', async (_, options, printed) => {
    const { stdout, ...rest } = environment();
    printResult({ stdout, ...rest }, options, { items: 2 }, () => 'two items');
    stdout.end();
    expect(await text(stdout)).toBe(printed);
  });
});

describe('withProgress', () => {
  it('shows the progress on stderr and returns the result', async () => {
    const { stderr, ...rest } = environment();
    const result = await withProgress({ stderr, ...rest }, 'Counting', async ({ update }) => {
      update(5, 10);
      return 'done';
    });
    stderr.end();
    expect([result, await text(stderr)]).toEqual(['done', 'Counting 50%\n']);
  });
});
