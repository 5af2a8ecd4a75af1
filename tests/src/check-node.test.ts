import { PACKAGE_ROOT } from '../../src/paths';

const manifestOf = (path: string) => jest.requireActual<{ engines: { node: string } }>(`${path}/package.json`);

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

  it.each(['18.20.8', '20.18.3', '21.7.3', '22.11.0', '23.11.0'])(
    'ends Node %s with the versions that are needed',
    (node) => {
      expect(lineFor(node)).toBe(
        `tigerql: expected Node 20 (from 20.19), 22 (from 22.12), 24 or newer, got ${node} at ${process.execPath}; install one of these (nodejs.org)`,
      );
    },
  );

  it.each(['20.19.0', '20.20.2', '22.12.0', '22.22.1', '24.0.0', '25.1.0'])('lets Node %s go on', (node) => {
    expect(lineFor(node)).toBeNull();
  });

  it('knows the versions that Prisma, which refuses all others, can be installed with', () => {
    const ours = manifestOf(PACKAGE_ROOT).engines.node;
    expect(manifestOf(`${PACKAGE_ROOT}/node_modules/prisma`).engines.node).toBe(`${ours}.0`);
  });
});
