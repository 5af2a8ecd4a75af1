/** All claims, in the order in which they run and are printed. */
import type { Claim } from '../claim';
import { beamClaims } from './beam-search';
import { concurrentUsers } from './concurrent-users';
import { baseMillion, decodeMillion } from './decode-1m-over-1k';
import { graphqlOverhead } from './graphql-overhead';
import { memoryLarge, readyLarge } from './server-start';
import { stepClaims, trainStepPieces } from './train-step';
import { trieBuild } from './trie-build-1m';

export const CLAIMS: readonly Claim[] = [
  ...stepClaims,
  trainStepPieces,
  ...beamClaims,
  decodeMillion,
  baseMillion,
  trieBuild,
  graphqlOverhead,
  concurrentUsers,
  readyLarge,
  memoryLarge,
];
