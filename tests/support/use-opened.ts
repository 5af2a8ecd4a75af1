interface Disposable {
  dispose(): unknown;
}

/**
 * Opens something for the tests of the file or `describe` that calls this, and disposes of it after them. Use what it returns inside of
 * tests only.
 */
export function useOpened<T extends Disposable>(open: () => Promise<T>): T {
  let opened: T | undefined;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened?.dispose());
  return new Proxy({} as T, { get: (_, name) => Reflect.get(opened!, name) as unknown });
}
