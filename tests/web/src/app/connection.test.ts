import { connection, type ConnectionState } from '../../../../web/src/app/connection';

describe('connection', () => {
  it('is healed when it is back after news may have been missed, and not when it is first there', () => {
    const seen: ConnectionState[] = [];
    let healed = 0;
    const ends = [connection.subscribe(() => seen.push(connection.get())), connection.onHealed(() => healed++)];
    const healedAfter = (...states: ConnectionState[]) => {
      const before = healed;
      states.forEach(connection.set);
      return healed - before;
    };
    expect(healedAfter('connecting', 'connected')).toBe(0);
    expect(healedAfter('lost', 'lost', 'connecting')).toBe(0);
    expect(healedAfter('connected', 'connected')).toBe(1);
    expect(healedAfter('connecting', 'connected')).toBe(0);
    expect(healedAfter('refused', 'connected')).toBe(1);
    expect(seen).toEqual([
      'connected',
      'lost',
      'connecting',
      'connected',
      'connecting',
      'connected',
      'refused',
      'connected',
    ]);
    ends.forEach((end) => end());
    expect(healedAfter('lost', 'connected')).toBe(0);
    expect(seen).toHaveLength(8);
  });
});
