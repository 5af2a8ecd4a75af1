/** Experiments: which arm serves whom, and how they are started, stopped and read. */
import { createHash } from 'node:crypto';

import { userError } from '../../graphql/common/errors';
import type { Page, PageArgs, UserErrorRecord } from '../../graphql/common/records';
import type { Experiments as ExperimentsPort } from '../../graphql/context';
import type { ExperimentPayload, PromoteArmPayload } from '../../graphql/experiment/payloads';
import type {
  ExperimentFigures,
  ExperimentMetric,
  ExperimentRecord,
  NewExperimentArgs,
  ServedArm,
} from '../../graphql/experiment/records';
import type { ListRecord } from '../../graphql/feedback/records';
import type { PlacementStateRecord } from '../../graphql/placement/records';
import type { Experiment, ExperimentArm } from '../../prisma/generated/sqlite/client';
import { type ExperimentWithArms, figuresOf, METRIC_FIELDS } from '../feedback/arm-figures';
import type { Logger } from '../logger';
import { idCursorsOf, newestFirst, pageOf } from '../storage/cursor-pages';
import type { Database } from '../storage/database';
import type { DrawableArm, RequestReads } from '../storage/request-reads';
import { databaseTime, type Transaction } from '../storage/transaction';
import { missingParts, ownErrors, storedErrors, withStateVersions } from './check-experiment';
import { insertState, newestOf, numberedState } from './placements';

interface ExperimentsParts {
  readonly database: Pick<Database, 'read' | 'write'>;
  readonly requestReads: Pick<RequestReads, 'arms' | 'armKey'>;
  readonly logger: Pick<Logger, 'warn'>;
  /** How often the guard rails are looked at; absent: every ten minutes. */
  readonly lookEveryMs?: number;
}

const LOOK_EVERY_MS = 600_000;
/** With the arms of each, by their ids: the control arm first. */
const WITH_ARMS = { include: { arms: { orderBy: { id: 'asc' } } } } as const;
const EXPERIMENT_CURSORS = idCursorsOf('experiments');

export class Experiments implements ExperimentsPort {
  private readonly database: ExperimentsParts['database'];
  private lookedAt = 0;

  constructor(private readonly parts: ExperimentsParts) {
    this.database = parts.database;
  }

  async armFor(placement: string, user: ListRecord['user']): Promise<ServedArm | null> {
    const { requestReads } = this.parts;
    const arms = await requestReads.arms(placement);
    if (arms.length === 0) return null;
    const key = typeof user === 'number' ? await requestReads.armKey(user) : user;
    return servedArm(arms, key === null ? null : drawnArm(arms, key));
  }

  async experiment(id: number): Promise<ExperimentRecord | null> {
    const row = await this.database.read.experiment.findUnique({ where: { id } });
    return row && experimentRecord(row);
  }

  async experiments(page: PageArgs, placement: string | null): Promise<Page<ExperimentRecord>> {
    const { where, ...query } = newestFirst(page, EXPERIMENT_CURSORS);
    const named = placement === null ? where : { ...where, placement };
    const rows = await this.database.read.experiment.findMany({ where: named, ...query });
    return pageOf(rows, page.first, EXPERIMENT_CURSORS, experimentRecord);
  }

  async figures(id: number): Promise<ExperimentFigures> {
    const { read } = this.database;
    return figuresOf(read, await read.experiment.findUniqueOrThrow({ where: { id }, ...WITH_ARMS }));
  }

  start(args: NewExperimentArgs): Promise<ExperimentPayload> {
    return this.database.write(async (transaction) => {
      const { placement, metric, currency } = args;
      const arms = await withStateVersions(transaction, args);
      const userErrors = [...ownErrors(args), ...(await storedErrors(transaction, { ...args, arms }))];
      if (userErrors.length > 0) return { experiment: null, userErrors };
      const startedAt = await databaseTime(transaction);
      const row = await transaction.experiment.create({ data: { placement, metric, currency, startedAt } });
      // One by one: the ids have the order of the arms.
      for (const arm of arms) await transaction.experimentArm.create({ data: { ...arm, experimentId: row.id } });
      return { experiment: experimentRecord(row), userErrors: [] };
    });
  }

  stop(id: number): Promise<ExperimentPayload> {
    return this.database.write(async (transaction) => {
      const row = await transaction.experiment.findUnique({ where: { id } });
      if (row === null) return refusal('NOT_FOUND', 'experimentId: expected an experiment that there is, got none', 'experimentId'); // prettier-ignore
      if (row.stoppedAt !== null)
        return refusal('NOT_RUNNING', 'experimentId: expected a running experiment, got one that was stopped', 'experimentId'); // prettier-ignore
      return { experiment: await stopped(transaction, row), userErrors: [] };
    });
  }

  promote(armId: number, savedBy: string | null): Promise<PromoteArmPayload> {
    return this.database.write(async (transaction) => {
      const arm = await transaction.experimentArm.findUnique({ where: { id: armId }, include: { experiment: true } });
      const errors = arm === null ? [noArm()] : await missingParts(transaction, arm.experiment.placement, arm);
      if (arm === null || errors.length > 0) return { experiment: null, placementState: null, userErrors: errors };
      const placementState = await promotedState(transaction, arm, savedBy);
      return { experiment: await stopped(transaction, arm.experiment), placementState, userErrors: [] };
    });
  }

  /**
   * Stops the arms of running experiments that are clearly worse than their control arms. It is called after all feedback, and looks every
   * ten minutes: the intervals hold however often one looks.
   */
  async guard(): Promise<void> {
    const now = Date.now();
    if (now - this.lookedAt < (this.parts.lookEveryMs ?? LOOK_EVERY_MS)) return;
    this.lookedAt = now;
    const running = await this.database.read.experiment.findMany({ where: { stoppedAt: null }, ...WITH_ARMS });
    for (const experiment of running) await this.stopWorse(experiment);
  }

  private async stopWorse(experiment: ExperimentWithArms): Promise<void> {
    const { arms } = await figuresOf(this.database.read, experiment);
    const metric = METRIC_FIELDS[experiment.metric as ExperimentMetric];
    const worse = arms.filter(({ status, ...arm }) => status === 'RUNNING' && (arm[metric]?.difference?.high ?? 0) < 0);
    for (const { id, name } of worse) {
      const { count } = await this.database.write(async (transaction) =>
        transaction.experimentArm.updateMany({
          where: { id, stoppedAt: null },
          data: { stoppedAt: await databaseTime(transaction) },
        }),
      );
      const text = `Arm ${name} of the experiment on ${experiment.placement} is clearly worse than its control arm, which now serves its users`;
      if (count > 0) this.parts.logger.warn(text);
    }
  }
}

function refusal(...error: Parameters<typeof userError>): ExperimentPayload {
  return { experiment: null, userErrors: [userError(...error)] };
}

function noArm(): UserErrorRecord {
  return userError('NOT_FOUND', 'armId: expected an arm that there is, got none; experiment lists them', 'armId');
}

async function stopped(transaction: Transaction, row: Experiment): Promise<ExperimentRecord> {
  if (row.stoppedAt !== null) return experimentRecord(row);
  const data = { stoppedAt: await databaseTime(transaction) };
  return experimentRecord(await transaction.experiment.update({ where: { id: row.id }, data }));
}

type ArmOfExperiment = ExperimentArm & { readonly experiment: Experiment };

/** @returns The newest state afterwards. An arm without state and version is the placement as it is: it saves nothing. */
async function promotedState(
  transaction: Transaction,
  { stateNumber, modelVersionId, experiment: { placement: name } }: ArmOfExperiment,
  savedBy: string | null,
): Promise<PlacementStateRecord | null> {
  const newest = await newestOf(transaction, name);
  if (stateNumber === null && modelVersionId === null) return newest;
  const own = stateNumber === null ? newest : await numberedState(transaction, name, stateNumber);
  const definition = { rules: [], ...own, ...(modelVersionId !== null && { modelVersionId }) };
  return (await insertState(transaction, { name, definition }, newest, savedBy)).state;
}

function experimentRecord({ metric, ...row }: Experiment): ExperimentRecord {
  return { ...row, metric: metric as ExperimentMetric };
}

// ---- Drawing ------------------------------------------------------------------------------------------------------

const HASH_BYTES = 6;

/**
 * @param key - Names the user or visitor.
 * @returns The same arm on every server, and after each restart. Arms of different experiments are drawn independently.
 */
export function drawnArm(arms: readonly DrawableArm[], key: string): DrawableArm {
  const hash = createHash('sha256').update(`${arms[0].experimentId}/${key}`).digest();
  let rest = (hash.readUIntBE(0, HASH_BYTES) / 256 ** HASH_BYTES) * 100;
  return arms.find(({ percent }) => (rest -= percent) < 0) ?? arms[arms.length - 1];
}

/** The control arm serves, without counting, whoever has no arm or one that serves no more. */
function servedArm([control]: readonly DrawableArm[], drawn: DrawableArm | null): ServedArm {
  const { id, stateNumber, modelVersionId, isServed } = drawn?.isServed ? drawn : control;
  return { armId: drawn?.isServed ? id : null, stateNumber, modelVersionId: isServed ? modelVersionId : null };
}
