import { faultyRows } from '../../../../../../web/src/pages/items/bulk/faulty-rows';
import { parseItems } from '../../../../../../web/src/pages/items/bulk/parse-items';

/** @returns What somebody downloads who brought the text. */
function downloadOf(text: string): string {
  const rows = parseItems(text).filter(({ error }) => error !== null);
  return faultyRows(text, new Map(rows.map(({ line, error }) => [line, error!])));
}

describe('faultyRows', () => {
  it('has the rows with a fault as they stood, with what is wrong, so that a mended one can be brought again', () => {
    const text = 'id;title;price\na;Mug;1\nb;"Two\nlines; or more";£5\nc;Bowl;2\na;"Mug ""again""";3\n';
    expect(downloadOf(text)).toBe(
      'id;title;price;problem\n' +
        'b;"Two\nlines; or more";£5;b: the price is not a number.\n' +
        'a;"Mug ""again""";3;a stands in line 2 already.\n',
    );
  });

  it('has JSON lines of JSON lines', () => {
    expect(downloadOf('{"id":"a","title":"Mug"}\n{"id":"b"}\n{"id":\n')).toBe(
      '{"id":"b","problem":"b has no title."}\n{"id":\n',
    );
  });
});
