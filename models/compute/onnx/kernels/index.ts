/** Registers all rules with tfjs, as the kernels of the tracing backend. A kernel without a rule throws an error that names it. */
import * as tf from '@tensorflow/tfjs-core';

import { UnsupportedKernelError } from '../../errors';
import type { Rule, Rules } from '../tracer';
import { TRACING_BACKEND, TracingBackend } from '../tracing-backend';
import { ELEMENTWISE_RULES } from './elementwise';
import { INDEXING_RULES } from './indexing';
import { LINALG_RULES } from './linalg';
import { MOVEMENT_RULES } from './movement';
import { REDUCTION_RULES } from './reduction';

const RULES: Rules = {
  ...ELEMENTWISE_RULES,
  ...LINALG_RULES,
  ...MOVEMENT_RULES,
  ...INDEXING_RULES,
  ...REDUCTION_RULES,
};

/** The one tracing backend of this process, registered with tfjs on first use. */
export function tracingBackend(): TracingBackend {
  const known = tf.findBackend(TRACING_BACKEND);
  if (known instanceof TracingBackend) return known;
  // Priority 0: tfjs never chooses it by itself.
  tf.registerBackend(TRACING_BACKEND, () => new TracingBackend(), 0);
  for (const [kernelName, rule] of Object.entries(RULES)) register(kernelName, rule);
  for (const { kernelName } of tf.getKernelsForBackend('cpu')) {
    if (!(kernelName in RULES)) register(kernelName, missingRule(kernelName));
  }
  return tf.findBackend(TRACING_BACKEND) as TracingBackend;
}

function register(kernelName: string, rule: Rule): void {
  tf.registerKernel({
    kernelName,
    backendName: TRACING_BACKEND,
    kernelFunc: ({ inputs, attrs, backend }) => apply(rule, inputs, attrs, backend as TracingBackend),
  });
}

function apply(rule: Rule, inputs: tf.NamedTensorInfoMap, attributes: unknown, backend: TracingBackend) {
  const traced = Object.entries(inputs)
    .filter((entry): entry is [string, tf.TensorInfo] => entry[1] != null)
    .map(([name, tensor]) => [name, backend.resolve(tensor)] as const);
  const result = rule(backend.tracer, Object.fromEntries(traced), attributes as never);
  return 'value' in result ? backend.store(result) : result.map((value) => backend.store(value));
}

/** Throws an error with the operation's name; tfjs would only say that a kernel is not registered. */
function missingRule(kernelName: string): Rule {
  return () => {
    throw new UnsupportedKernelError(kernelName, TRACING_BACKEND);
  };
}
