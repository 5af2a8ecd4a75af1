/**
 * tfjs with its gradient functions. Node.js cannot load these modules, which a build makes one of: the only package that has them for
 * Node.js is all of tfjs, 240 MB, and costs a thread 20 MB and a tenth of a second. Threads that only make lists do without gradients.
 */
import '@tensorflow/tfjs-core/dist/register_all_gradients';

export { variableGrads } from '@tensorflow/tfjs-core';
