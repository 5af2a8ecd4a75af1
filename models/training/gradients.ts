/**
 * tfjs with its gradient functions. In Node.js they come only with the whole package, which costs a thread 20 MB and a tenth of a second
 * more than its core: threads that only make lists do without.
 */
import '@tensorflow/tfjs';

export { variableGrads } from '@tensorflow/tfjs-core';
