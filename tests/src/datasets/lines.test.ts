import { join } from 'node:path';

import { readLines } from '../../../src/datasets/dataset-files';
import { collect } from '../../support/collect';
import { useFolder } from '../../support/dataset-files';

describe('readLines', () => {
  const write = useFolder();

  it('skips empty lines, counts them, and trims the rest', async () => {
    const file = join(write({ 'a.txt': '\uFEFFone\n\n \n  four \r\nfive' }), 'a.txt');
    expect(await collect(readLines(file))).toEqual([
      { number: 1, text: 'one' },
      { number: 4, text: 'four' },
      { number: 5, text: 'five' },
    ]);
  });

  it('joins a line that is longer than one read of the file', async () => {
    const long = 'ü'.repeat(100_000);
    const file = join(write({ 'a.txt': `${long}\nshort` }), 'a.txt');
    expect((await collect(readLines(file))).map(({ text }) => text)).toEqual([long, 'short']);
  });

  it('refuses a file that does not exist', async () => {
    await expect(collect(readLines(join(write({}), 'none.txt')))).rejects.toThrow(
      /none\.txt: expected a readable file, got none \(ENOENT\)/,
    );
  });
});
