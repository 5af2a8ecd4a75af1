import { PACKAGE_ROOT } from '../../src/paths';

describe('check-node', () => {
  const { versions } = process;
  afterEach(() => Object.defineProperty(process, 'versions', { value: versions, configurable: true }));

  /** @returns What it says to people as it ends the process; null when it lets the process go on. */
  function lineFor(node: string): string | null {
    Object.defineProperty(process, 'versions', { value: { ...versions, node }, configurable: true });
    const say = jest.spyOn(console, 'error').mockImplementation();
    const exit = jest.spyOn(process, 'exit').mockImplementation();
    jest.isolateModules(() => void jest.requireActual('../../src/check-node'));
    expect(exit.mock.calls).toEqual(say.mock.calls.map(() => [1]));
    const [line] = say.mock.calls[0] ?? [null];
    jest.restoreAllMocks();
    return line as string | null;
  }

  it('ends a Node that is too old with the version that is needed', () => {
    const { engines } = jest.requireActual<{ engines: { node: string } }>(`${PACKAGE_ROOT}/package.json`);
    const [major, minor] = engines.node.replace('>=', '').split('.').map(Number);
    expect(lineFor(`${major}.${minor - 1}.9`)).toContain(`Node ${engines.node.slice(2)} or newer is needed`);
    expect(lineFor(`${major - 1}.99.0`)).toContain(`got ${major - 1}.99.0 at ${process.execPath}`);
    expect(lineFor(`${major}.${minor}.0`)).toBeNull();
    expect(lineFor(`${major + 1}.0.0`)).toBeNull();
  });
});
