import { takenBack } from '../../../../../web/src/pages/overview/taken-back';

describe('takenBack', () => {
  it('names what an undo took back, unless the undo was undone', () => {
    expect([...takenBack([{ version: 4, undoes: 3 }, { version: 3 }, { version: 2 }])]).toEqual([3]);
    expect([...takenBack([{ version: 5, undoes: 4 }, { version: 4, undoes: 3 }, { version: 3 }])]).toEqual([4]);
    expect([
      ...takenBack([
        { version: 6, undoes: 3 },
        { version: 5, undoes: 4 },
        { version: 4, undoes: 3 },
      ]),
    ]).toEqual([3, 4]);
  });
});
