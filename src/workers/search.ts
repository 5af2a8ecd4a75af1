/** Worker thread that searches for a training while that measures its model. */
import { openDevice } from '../../models/compute/backends';
import type { HeldOutRanker } from '../../models/evaluation/evaluate';
import { openSearched } from '../../models/training/searched-model';
import { buffersOf } from './buffers-of';
import type { SearchProtocol } from './messages';
import { unpackModel } from './packed-model';
import { serveWorker } from './serve-worker';

let opened: Promise<HeldOutRanker> | null = null;

serveWorker<SearchProtocol>({
  open: async ({ model }) => {
    opened = openDevice({ backend: 'onnx-cpu', threads: 1 }).then((device) => openSearched(unpackModel(model), device));
    await opened;
    return null;
  },
  findings: async ({ pass, at }, { transfer }) => {
    if (opened === null) throw new Error('findings: expected an open model, got none');
    const findings = await (await opened).findings(pass, at);
    transfer.push(...buffersOf(findings.map(({ own }) => own)));
    return findings;
  },
});
