import * as tf from '@tensorflow/tfjs';

import { withBackend } from '../../../models/compute/tfjs-backend';

describe('withBackend', () => {
  tf.registerBackend('little', () => new tf.KernelBackend(), 0);

  it('selects the former backend again after an error', () => {
    const failing = () =>
      withBackend('little', () => {
        throw new Error('no');
      });
    expect(failing).toThrow('no');
    expect(tf.getBackend()).toBe('cpu');
  });

  it('refuses a backend that nobody has registered', () => {
    expect(() => withBackend('nowhere', () => undefined)).toThrow('selectBackend: expected nowhere, got cpu');
    expect(tf.getBackend()).toBe('cpu');
  });
});
