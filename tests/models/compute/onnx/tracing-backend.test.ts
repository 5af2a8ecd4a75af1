import { HostReadError } from '../../../../models/compute/errors';
import { Tracer } from '../../../../models/compute/onnx/tracer';
import { type Trace, TracingBackend } from '../../../../models/compute/onnx/tracing-backend';

/** A trace that knows no tensors of other backends. */
function traceOf(tracer = new Tracer()): Trace {
  return {
    tracer,
    adopt: () => {
      throw new Error('another backend');
    },
  };
}

describe('TracingBackend', () => {
  const backend = new TracingBackend();

  it('gives back a constant, also one that is kept as a single number', () => {
    backend.run(traceOf(), () => {
      expect([...backend.readSync(backend.write(Float32Array.of(3, 4), [2], 'float32'))]).toEqual([3, 4]);
      expect([...backend.readSync(backend.write(new Int32Array(3).fill(7), [3], 'int32'))]).toEqual([7, 7, 7]);
    });
  });

  it('refuses to read what is computed at run time', () => {
    const tracer = new Tracer();
    backend.run(traceOf(tracer), () => {
      const value = tracer.graph.input('x', 'float32', [2]);
      const { dataId } = backend.store({ value, shape: [2], dtype: 'float32' });
      expect(() => backend.readSync(dataId)).toThrow(HostReadError);
    });
  });

  it('forgets a tensor when its last user disposes it', () => {
    backend.run(traceOf(), () => {
      const dataId = backend.write(Float32Array.of(1), [1], 'float32');
      backend.incRef(dataId);
      expect([backend.disposeData(dataId), backend.numDataIds()]).toEqual([false, 1]);
      expect([backend.disposeData(dataId), backend.numDataIds()]).toEqual([true, 0]);
      expect(backend.disposeData(dataId)).toBe(true);
    });
  });

  it('keeps nothing after a trace, also after one that fails, and makes none inside another', () => {
    const nested = () =>
      backend.run(traceOf(), () => {
        backend.write(Float32Array.of(1), [1], 'float32');
        backend.run(traceOf(), () => undefined);
      });
    expect(nested).toThrow('compile: expected no compiled function to be made inside another, got one');
    expect(backend.numDataIds()).toBe(0);
    expect(() => backend.tracer).toThrow('tigerql-tracing: expected a trace in progress, got none');
  });

  it('asks the trace for tensors that were made before it', () => {
    backend.run(traceOf(), () => {
      expect(() => backend.resolve({ dataId: {}, shape: [1], dtype: 'float32' })).toThrow('another backend');
    });
  });
});
