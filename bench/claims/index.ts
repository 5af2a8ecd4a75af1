/** All claims, in the order in which they run and are printed. */
import type { Claim } from '../claim';
import { beamClaims, longHistory } from './beam-search';
import { concurrentUsers } from './concurrent-users';
import { baseMillion, decodeMillion } from './decode-million';
import { epochOfBase } from './epoch-base-over-single';
import { eventLoopStall } from './event-loop-stall';
import { graphqlOverhead } from './graphql-overhead';
import { rqvaeClaims } from './rqvae-step-1024';
import { search100k } from './search-100k';
import { memoryLarge, readyLarge } from './server-start';
import { gemmShare, stepClaims, trainStepPieces } from './train-step';
import { trieBuild } from './trie-build-1m';
import { trieInsert } from './trie-insert-1m';

export const CLAIMS: readonly Claim[] = [
  ...stepClaims,
  trainStepPieces,
  ...rqvaeClaims,
  ...beamClaims,
  decodeMillion,
  baseMillion,
  longHistory,
  trieBuild,
  trieInsert,
  graphqlOverhead,
  concurrentUsers,
  eventLoopStall,
  readyLarge,
  memoryLarge,
  search100k,
  gemmShare,
  epochOfBase,
];
