import '../../../support/tab-globals';

import { askForKey, keyStore, refusalOf } from '../../../../web/src/app/key-store';

describe('keyStore', () => {
  afterEach(() => keyStore.set(null));

  it('keeps the key for this tab, and forgets it', () => {
    expect(keyStore.get()).toBeNull();
    keyStore.set('one');
    expect(keyStore.get()).toBe('one');
    expect(sessionStorage.getItem('tigerql.key')).toBe('one');
    keyStore.set(null);
    expect(keyStore.get()).toBeNull();
    expect(sessionStorage.getItem('tigerql.key')).toBeNull();
  });

  it('tells its listeners of another key, the first of them first, when it is there', () => {
    const told: string[] = [];
    const ends = ['a', 'b'].map((name) => keyStore.subscribe(() => told.push(`${name} ${keyStore.get()}`)));
    keyStore.set('one');
    ends[0]();
    keyStore.set(null);
    expect(told).toEqual(['a one', 'b one', 'b null']);
    ends[1]();
  });

  it('asks for a key with the reason, as long as there is somebody to ask', () => {
    const reasons: (string | undefined)[] = [];
    const end = keyStore.onAsk((reason) => reasons.push(reason));
    askForKey('The key has ended.');
    askForKey();
    end();
    askForKey('Nobody hears it.');
    expect(reasons).toEqual(['The key has ended.', undefined]);
  });
});

describe('refusalOf', () => {
  it('tells a server that wants a key from one that does not accept this one', () => {
    expect(refusalOf(null)).toMatch(/shows nothing without a key/);
    expect(refusalOf('one')).toMatch(/does not accept this key/);
  });
});
