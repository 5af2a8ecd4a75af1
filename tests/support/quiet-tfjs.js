/** tfjs without its advice to install tfjs-node, which it gives once in each test file. */
const tf = require('@tensorflow/tfjs-core/dist/tf-core.node.js');

tf.enableProdMode();
module.exports = tf;
