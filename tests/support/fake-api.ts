/** The API on stand-ins, served for the tests of one file. */
import { type RunningServer, startServer } from '../../src/http/server';
import { createFakeApp, type FakeApp, KEYS, testConfig } from './fake-ports';
import { testClient, type TestClient } from './graphql-client';

export interface FakeApi {
  readonly app: FakeApp;
  readonly reader: TestClient;
  readonly writer: TestClient;
  readonly admin: TestClient;
  /** @returns The arguments of each call of a port since the test began. */
  callsOf(port: string): (readonly unknown[])[];
}

/** Starts a server before the tests of this file and closes it after them. Use what it returns inside of tests only. */
export function serveFakeApi(): FakeApi {
  const app = createFakeApp();
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer(app, testConfig());
  });
  afterAll(() => server.close());
  beforeEach(() => app.services.calls.splice(0));
  return {
    app,
    get reader() {
      return testClient(server.url);
    },
    get writer() {
      return testClient(server.url, KEYS.WRITER);
    },
    get admin() {
      return testClient(server.url, KEYS.ADMIN);
    },
    callsOf: (port) => app.services.calls.filter((call) => call.port === port).map(({ args }) => args),
  };
}
