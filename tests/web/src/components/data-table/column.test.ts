import { fittingColumns } from '../../../../../web/src/components/data-table/column';

const COLUMNS = [
  { id: 'title', width: 'minmax(120px, 2.5fr)' }, // 200 at ease
  { id: 'id', width: 'minmax(90px, 0.8fr)', isMinor: true }, // 90
  { id: 'price', width: 'minmax(90px, 124px)' }, // 90
  { id: 'added', width: '118px', isMinor: true }, // 118, and 12 at the ends of the row: 510
];
const fitting = (width: number) => fittingColumns(COLUMNS, width).map(({ id }) => id);

describe('fittingColumns', () => {
  it('leaves minor columns out, the last first, until the others have room', () => {
    expect(fitting(510)).toEqual(['title', 'id', 'price', 'added']);
    expect(fitting(509)).toEqual(['title', 'id', 'price']);
    expect(fitting(391)).toEqual(['title', 'price']);
  });

  it('keeps those that are not minor, however narrow the table is', () => {
    expect(fitting(100)).toEqual(['title', 'price']);
  });
});
