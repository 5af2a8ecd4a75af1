/** Worker thread that searches for a training while that measures its model. */
import { openDevice } from '../../models/compute/backends';
import type { HeldOutRanker } from '../../models/evaluation/held-out-ranker';
import { openSearched } from '../../models/training/measure-model';
import type { SearchProtocol } from './messages';
import { unpackModel } from './packed-data';
import { serveWorker } from './serve-worker';

let ranker: HeldOutRanker | null = null;

serveWorker<SearchProtocol>({
  open: async ({ model }) => {
    ranker = openSearched(unpackModel(model), await openDevice({ backend: 'onnx-cpu', threads: 1 }));
    return null;
  },
  candidates: ({ pass, at }) => {
    if (ranker === null) throw new Error('candidates: expected an open model, got none');
    return ranker.candidates(pass, at);
  },
});
