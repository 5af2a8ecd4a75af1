import { CallerTurns } from '../../../src/recommend/caller-turns';

/** @returns A request of this caller; its users have its name. */
const request = (name: string, users = 1) => ({ caller: name[0], users: Array.from({ length: users }, () => name) });

function turnsOf(...requests: ReturnType<typeof request>[]) {
  const turns = new CallerTurns<ReturnType<typeof request>>();
  for (const each of requests) turns.add(each);
  return turns;
}

const namesOf = (requests: readonly { users: readonly string[] }[]) => requests.map(({ users }) => users[0]);

describe('CallerTurns', () => {
  it('takes one request of each caller in turn, the oldest first', () => {
    const turns = turnsOf(...['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1'].map((name) => request(name)));
    expect(namesOf(turns.take(4))).toEqual(['a1', 'b1', 'c1', 'a2']);
    turns.add(request('c2'));
    expect(namesOf(turns.take(9))).toEqual(['b2', 'a3', 'c2', 'a4']);
    expect([turns.isEmpty, turns.take(9)]).toEqual([true, []]);
  });

  it('takes no more users than there is room for, but one request in any case', () => {
    const turns = turnsOf(request('a1', 3), request('b1', 2), request('a2', 1));
    expect([turns.users, turns.usersOf('a'), turns.usersOf('b'), turns.usersOf('c')]).toEqual([6, 4, 2, 0]);
    expect(namesOf(turns.take(2))).toEqual(['a1']);
    expect(namesOf(turns.take(2))).toEqual(['b1']);
    expect([turns.users, [...turns.callers]]).toEqual([1, ['a']]);
  });

  it('lets those come first that are put back', () => {
    const turns = turnsOf(...['a1', 'b1', 'a2', 'c1'].map((name) => request(name)));
    const taken = turns.take(2);
    turns.addFirst(taken);
    expect(namesOf(turns.take(9))).toEqual(['a1', 'b1', 'c1', 'a2']);
  });

  it('gives up what does not wait any more', () => {
    const [first, second] = [request('a1'), request('a2')];
    const turns = turnsOf(first, second);
    expect([turns.remove(first), turns.remove(first)]).toEqual([true, false]);
    expect(namesOf(turns.takeAll())).toEqual(['a2']);
    expect([turns.remove(second), turns.isEmpty]).toEqual([false, true]);
  });
});
