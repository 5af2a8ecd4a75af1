/** Small datasets of both layouts as file contents, and a folder to write them into. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { DatasetError } from '../../src/datasets/dataset';
import { readDataset } from '../../src/datasets/read-dataset';
import { temporaryFolder } from './temporary-folder';

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Three items and two users as JSON lines. */
export const RESEARCH: Files = {
  'items.jsonl':
    '{"id": 1, "title": "Teapot", "brand": "Brewco", "categories": ["Kitchen", "Tea"], "price": 12.5}\n' +
    '{"id": "b", "title": "", "brand": null, "asin": "B00"}\n' +
    '{"id": 3}\n',
  'sequences.txt': 'ann 1 b 3\nbob 3 1\n',
};

/** Two items and two customers as tables. */
export const SHOP: Files = {
  'items.csv': 'stock_code,description,price\n10A,"Teapot, red",1.25\n20,Spoon,\n',
  'events.csv':
    'customer_id,stock_code,timestamp\n1,20,2011-10-31T12:25\n1,10A,2011-10-30\n1,20,2011-10-31T13:25+01:00\n2,10A,2011-11-01 09:00:30\n',
};

/** A folder that is new for each test of the file, and removed after it. @returns Writes files into it, and gives its path. */
export function useFolder(): (files: Files) => string {
  let dir: string;
  beforeEach(() => (dir = temporaryFolder()));
  return (files) => {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, name), content);
    return dir;
  };
}

/** A mistake: its name, the files, the file and the line that the error names, and its reason. */
export type Refusal = readonly [what: string, files: Files, file: string, line: number | null, reason: RegExp];

/** Declares one test per refusal. */
export function itRefuses(refusals: readonly Refusal[]): void {
  const write = useFolder();
  it.each(refusals)('refuses %s, with the file, the line and the reason', async (_, files, file, line, reason) => {
    const dir = write(files);
    const failure = await readDataset(dir).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DatasetError);
    expect(failure).toMatchObject({ file: join(dir, file), line, reason: expect.stringMatching(reason) });
  });
}
