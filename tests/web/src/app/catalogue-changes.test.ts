import {
  beginAt,
  noteActivation,
  noteChange,
  noteOwnChange,
  catalogueChanges,
} from '../../../../web/src/app/catalogue-changes';

describe('noteChange', () => {
  it("outdates the lists by changes of others, and not once more by the news of this page's own", () => {
    const generation = catalogueChanges.count();
    noteChange(7);
    expect(catalogueChanges.count()).toBe(generation + 1);
    noteChange(7);
    noteOwnChange(8);
    noteChange(8);
    expect(catalogueChanges.count()).toBe(generation + 2);
    noteChange(9);
    expect(catalogueChanges.count()).toBe(generation + 3);
  });
});

describe('noteActivation', () => {
  it('counts each once, also one that is older than a change of this page', () => {
    const before = catalogueChanges.activations();
    noteOwnChange(32);
    for (const version of [31, 31, 33, 31]) noteActivation(version);
    expect(catalogueChanges.activations()).toBe(before + 2);
  });

  it('counts those of a catalogue that begins anew at a lower version, as after a backup was restored', () => {
    noteActivation(50);
    const before = catalogueChanges.activations();
    beginAt(40);
    for (const version of [40, 41]) noteActivation(version);
    expect(catalogueChanges.activations()).toBe(before + 1);
  });
});
