/** Worker thread that turns texts into vectors and vectors into codes, so that the event loop stays free. */
import { workerData } from 'node:worker_threads';

import { openDevice } from '../../models/compute/backends';
import type { Tokenizer } from '../../models/semantic-id/tokenizer';
import { loadTokenizer } from '../../models/serving/load-served';
import { openSentenceEncoder } from '../../models/text/sentence-encoder';
import { openOnce } from '../waiting/promises';
import type { EncodeProtocol, EncodeWorkerData } from './messages';
import { serveWorker } from './serve-worker';

const { backend } = workerData as EncodeWorkerData;
// A second thread would take a fifth more processor time for the same texts.
const encoder = openOnce(async () => openSentenceEncoder(await openDevice({ backend, threads: 1 })));
/** The tokenizer that was last asked for: a catalogue has one at a time. */
let tokenizer: { readonly checkpointDir: string; readonly loaded: Tokenizer } | null = null;

serveWorker<EncodeProtocol>({
  'encode-texts': async ({ texts }, { signal, transfer }) => {
    const vectors = await (await encoder()).encode(texts, signal);
    transfer.push(vectors.buffer as ArrayBuffer);
    return { vectors };
  },
  'assign-codes': async ({ checkpointDir, vectors, dims }) => {
    const loaded = await tokenizerOf(checkpointDir);
    return { codes: loaded.assign(vectors, dims) };
  },
});

async function tokenizerOf(checkpointDir: string): Promise<Tokenizer> {
  if (tokenizer?.checkpointDir !== checkpointDir) {
    tokenizer = { checkpointDir, loaded: await loadTokenizer(checkpointDir) };
  }
  return tokenizer.loaded;
}
