/** Worker thread: texts to vectors, vectors to codes, so that the event loop stays free. */
import { openSentenceEncoder, SENTENCE_DIMS, type SentenceEncoder } from '../sentence-encoder';
import type { EncodeProtocol } from './messages';
import { serveWorker } from './serve-worker';

let encoder: Promise<SentenceEncoder> | null = null;

serveWorker<EncodeProtocol>({
  'encode-texts': async ({ texts }, { signal, transfer }) => {
    encoder ??= openSentenceEncoder();
    const vectors = await (await encoder).encode(texts, signal);
    transfer.push(vectors.buffer as ArrayBuffer);
    return { vectors, dims: SENTENCE_DIMS };
  },
  'assign-codes': () => {
    throw new Error('assign-codes: expected a tokenizer, got none');
  },
});
