import { noteVersion, outdatePages, pageStore } from '../../../../../web/src/components/pages/page-store';

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
