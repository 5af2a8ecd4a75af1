import {
  beginAt,
  noteActivation,
  noteVersion,
  outdatePages,
  pageStore,
} from '../../../../../web/src/components/pages/page-store';

describe('noteVersion', () => {
  it("outdates the lists by changes of others, and not once more by the news of this page's own", () => {
    const generation = pageStore.generation();
    noteVersion(7);
    expect(pageStore.generation()).toBe(generation + 1);
    noteVersion(7);
    outdatePages(8);
    noteVersion(8);
    expect(pageStore.generation()).toBe(generation + 2);
    noteVersion(9);
    expect(pageStore.generation()).toBe(generation + 3);
  });
});

describe('noteActivation', () => {
  it('counts each once, also one that is older than a change of this page', () => {
    const before = pageStore.activations();
    outdatePages(32);
    for (const version of [31, 31, 33, 31]) noteActivation(version);
    expect(pageStore.activations()).toBe(before + 2);
  });

  it('counts those of a catalogue that begins anew at a lower version, as after a backup was restored', () => {
    noteActivation(50);
    const before = pageStore.activations();
    beginAt(40);
    for (const version of [40, 41]) noteActivation(version);
    expect(pageStore.activations()).toBe(before + 1);
  });
});
