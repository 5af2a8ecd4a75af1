/** What a browser's tab gives the console's code: import it before that code. Tests are checked without a browser's types. */

type TabStorage = ReturnType<typeof createStorage>;

declare global {
  var sessionStorage: TabStorage;
  var window: EventTarget;
  var location: { readonly href: string };
  type BeforeUnloadEvent = Event;
}

function createStorage() {
  const values = new Map<string, string>();
  return {
    getItem: (name: string) => values.get(name) ?? null,
    setItem: (name: string, value: string) => void values.set(name, value),
    removeItem: (name: string) => void values.delete(name),
  };
}

Object.assign(globalThis, { sessionStorage: createStorage(), window: new EventTarget() });
