import type { DatasetSequence } from '../../../src/datasets/dataset';
import { RepeatedEvents } from '../../../src/datasets/read-dataset';
import { collect } from '../../support/collect';

describe('RepeatedEvents', () => {
  async function leaveOut(...sequences: DatasetSequence[]) {
    return leaveOutWith(new RepeatedEvents(), sequences);
  }

  async function leaveOutWith(repeated: RepeatedEvents, sequences: DatasetSequence[]) {
    const kept = await collect(repeated.leaveOut((async function* () { yield* sequences; })())); // prettier-ignore
    return { kept, merged: repeated.merged };
  }

  const ann = { userExternalId: 'ann', itemExternalIds: ['a', 'b', 'a', 'a'], times: [1, 1, 1, 2] };

  it('knows a purchase by user, item and time', async () => {
    const bob = { ...ann, userExternalId: 'bob' };
    const { kept, merged } = await leaveOut(ann, bob);
    const rest = { itemExternalIds: ['a', 'b', 'a'], times: [1, 1, 2] };
    expect(kept).toEqual([{ userExternalId: 'ann', ...rest }, { userExternalId: 'bob', ...rest }]); // prettier-ignore
    expect(merged).toBe(2);
  });

  it('knows other events by their ids alone, of whatever user', async () => {
    const withIds = (...eventIds: (string | null)[]) => eventIds.map((eventId) => ({ kind: 'VIEW' as const, eventId }));
    const bob = { userExternalId: 'bob', itemExternalIds: ['a'], times: [9], events: withIds('x') };
    const { kept, merged } = await leaveOut({ ...ann, events: withIds('x', 'x', null, null) }, bob);
    expect(kept).toEqual([
      { userExternalId: 'ann', itemExternalIds: ['a', 'a', 'a'], times: [1, 1, 2], events: withIds('x', null, null) },
    ]);
    expect(merged).toBe(2);
  });

  it('knows more ids than one set holds', async () => {
    const eventIds = ['v', 'w', 'x', 'y', 'z', 'v', 'x', 'z'];
    const events = eventIds.map((eventId) => ({ kind: 'VIEW' as const, eventId }));
    const itemExternalIds = eventIds.map(() => 'a');
    const ann = { userExternalId: 'ann', itemExternalIds, times: eventIds.map((_, i) => i), events };
    const { kept, merged } = await leaveOutWith(new RepeatedEvents(2), [ann]);
    expect(kept[0].times).toEqual([0, 1, 2, 3, 4]);
    expect(merged).toBe(3);
  });
});
