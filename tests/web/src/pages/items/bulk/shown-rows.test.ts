import { shownRows } from '../../../../../../web/src/pages/items/bulk/shown-rows';

describe('shownRows', () => {
  const row = (line: number) => ({ line, item: { externalId: `i${line}`, title: 'A' }, error: null });

  it('shows what has a fault first, each line once', () => {
    const faulty = [9, 3].map((line) => ({ line, item: null, error: 'wrong' }));
    const rows = Array.from({ length: 20 }, (_, index) => row(index + 2));
    expect(shownRows(rows, faulty, 5).map(({ line }) => line)).toEqual([3, 9, 2, 4, 5]);
  });
});
