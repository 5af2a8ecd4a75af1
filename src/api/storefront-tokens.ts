/** Storefront tokens: JWTs that a shop gives its users' browsers. Each speaks for one user or visitor. */
import type { JWTVerifyOptions, JWTVerifyResult } from 'jose';

import { isLongerThan } from '../../graphql/common/bounds';
import { MAX_ID } from '../../graphql/common/limits';
import { isVisitor, MAX_VISITOR, visitorExternalId } from '../../graphql/common/references';
import { isStorableText } from '../../graphql/common/storable-text';
import { TOKEN_FORM, type TokenSettings } from '../config';
import { PublicError, UnauthenticatedError } from '../errors';

interface StorefrontToken {
  /** The claim `sub`, or that of the visitor whom the claim `vis` names. */
  readonly userExternalId: string;
  /** The claim `exp`. */
  readonly expiresAt: Date;
}

export interface StorefrontTokens {
  /** Whether the secret has the form of a token that this server takes. API keys have no dots. */
  isToken(secret: string): boolean;
  /**
   * @throws {UnauthenticatedError} When the token is not valid; the message says why.
   * @throws {PublicError} `OVERLOADED` when the keys of the issuer cannot be fetched.
   */
  verify(token: string): Promise<StorefrontToken>;
}

/** Two machines' clocks may differ by this much. */
const CLOCK_TOLERANCE_S = 5;
/**
 * The issuer's keys hold for an hour: so long it may be silent, and a key that it withdraws stays good. An unknown key id makes them be
 * fetched anew, but not more often than each ten seconds.
 */
const ISSUER = { timeoutDuration: 3_000, cooldownDuration: 10_000, cacheMaxAge: 3_600_000 };

/** @returns A checker that takes no token when neither a secret nor the address of keys is configured. */
export function createStorefrontTokens(settings: TokenSettings): StorefrontTokens {
  const { secret, jwksUrl } = settings;
  const isConfigured = secret !== undefined || jwksUrl !== undefined;
  let verifier: Verifier | null = null;
  return {
    isToken: (text) => isConfigured && TOKEN_FORM.test(text),
    async verify(token) {
      // The library is loaded by the first token: most servers have none.
      verifier ??= createVerifier(await import('jose'), settings);
      return toStorefrontToken(await verifier(token));
    },
  };
}

type Verifier = (token: string) => Promise<JWTVerifyResult>;

/** The token's header chooses between the secret and the keys, and each takes its own algorithms alone. */
function createVerifier(jose: typeof import('jose'), { secret, jwksUrl, issuer, audience }: TokenSettings): Verifier {
  const options = { issuer, audience, requiredClaims: ['exp'], clockTolerance: CLOCK_TOLERANCE_S };
  const shared = secret === undefined ? null : new TextEncoder().encode(secret);
  const keys = jwksUrl === undefined ? null : jose.createRemoteJWKSet(new URL(jwksUrl), ISSUER);
  return async (token) => {
    try {
      if (shared !== null && (keys === null || algorithmOf(token) === 'HS256')) {
        return await jose.jwtVerify(token, shared, { ...options, algorithms: ['HS256'] } satisfies JWTVerifyOptions);
      }
      return await jose.jwtVerify(token, keys!, options); // a set of public keys takes signatures alone
    } catch (error) {
      throw refusalOf(error);
    }
  };
}

function algorithmOf(token: string): unknown {
  try {
    return (JSON.parse(Buffer.from(token.split('.')[0], 'base64url').toString()) as { alg?: unknown }).alg;
  } catch {
    return undefined;
  }
}

/** jose's codes for a token that is not valid; what has another code came from fetching the keys. */
const TOKEN_FAULT = /^ERR_(JW[TS]_|JWKS_(NO|MULTIPLE)_MATCHING|JOSE_(ALG_NOT_ALLOWED|NOT_SUPPORTED))/;

function refusalOf(error: unknown): Error {
  const { code = '', message } = error as Error & { readonly code?: string };
  if (TOKEN_FAULT.test(code)) return unauthenticated(`one that does not hold: ${message}`);
  const expected = 'authorization: expected the keys of the issuer, got no answer from it; try again later';
  return new PublicError('OVERLOADED', expected, 503, { 'retry-after': '5' }, { retryAfterSeconds: 5 });
}

function toStorefrontToken({ payload: { sub, vis, exp } }: JWTVerifyResult): StorefrontToken {
  if (typeof exp !== 'number') throw unauthenticated('one whose claim exp does not fit');
  const expiresAt = new Date((exp + CLOCK_TOLERANCE_S) * 1000);
  if (Number.isNaN(expiresAt.getTime())) throw unauthenticated('one whose claim exp does not fit');
  return { userExternalId: subjectOf(sub, vis), expiresAt };
}

/** @returns The external ID of the user or visitor. */
function subjectOf(sub: unknown, vis: unknown): string {
  if (sub === undefined && vis === undefined) throw unauthenticated('one without the claim sub or vis');
  if (sub !== undefined && vis !== undefined) throw unauthenticated('one with both sub and vis');
  if (sub === undefined && isId(vis, MAX_VISITOR)) return visitorExternalId(vis);
  if (isId(sub, MAX_ID) && !isVisitor(sub)) return sub;
  throw unauthenticated(sub === undefined ? 'one whose vis is no visitor' : 'one whose sub is no user');
}

/** Whether a claim may be an ID. */
function isId(claim: unknown, longest: number): claim is string {
  return typeof claim === 'string' && !isLongerThan(claim, longest) && claim.trim() !== '' && isStorableText(claim);
}

function unauthenticated(got: string): UnauthenticatedError {
  return new UnauthenticatedError(`authorization: expected a valid storefront token, got ${got}; get a new one`);
}
