/** The admin key with which a server starts: the configured one, or a first one with a random secret. */
import { shortInput } from '../../graphql/audit/audit-mutations';
import type { Logger } from '../logger';
import type { ApiKeys } from './api-keys';
import type { AuditLog } from './audit-log';

/** Whom the audit log names: whoever set TIGERQL_ADMIN_KEY. */
const BY_ENVIRONMENT = { role: 'ADMIN', caller: 'environment', apiKeyId: null } as const;

interface AdminKeyParts {
  readonly apiKeys: ApiKeys;
  readonly audit: Pick<AuditLog, 'enter'>;
  readonly logger: Pick<Logger, 'warn'>;
}

/**
 * Makes the configured key the only one of its kind, or, where none is configured, a first admin key when there is none.
 *
 * @returns The secret of a key with a new, random secret, to be shown once; null when none was made.
 */
export async function openAdminKey(
  { apiKeys, audit, logger }: AdminKeyParts,
  configured: string | undefined,
): Promise<string | null> {
  if (configured === undefined) return apiKeys.ensureAdminKey();
  if (await apiKeys.isConfigured(configured)) return null;
  const entry = { ...BY_ENVIRONMENT, mutation: 'configureAdminKey', input: shortInput({}) };
  const { userErrors } = await audit.enter(entry, () => apiKeys.configure(configured));
  for (const { message } of userErrors) logger.warn(message);
  return null;
}
