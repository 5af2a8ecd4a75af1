import { loadRuntime } from '../../../../models/compute/onnx/session';

describe('loadRuntime', () => {
  it('says for people which runtime, provider and number of threads it has', () => {
    expect(loadRuntime('onnx-cpu', 1).description).toMatch(/^ONNX Runtime \d+\.\d+\.\d+, CPU, 1 thread$/);
    expect(loadRuntime('onnx-cuda', 2).description).toMatch(/^ONNX Runtime \d\S*, CUDA, 2 threads$/);
  });

  it('wraps arrays without copying them, whole numbers as int32', () => {
    const { tensor } = loadRuntime('onnx-cpu', 1);
    const data = Float32Array.of(1, 2);
    const [reals, codes] = [tensor(data, [2]), tensor(Int32Array.of(3), [1])];
    expect(reals.data).toBe(data);
    expect([reals.type, codes.type]).toEqual(['float32', 'int32']);
  });

  it('refuses bytes that are no model', async () => {
    await expect(loadRuntime('onnx-cpu', 1).createSession(Uint8Array.of(1, 2, 3))).rejects.toThrow(/protobuf/i);
  });
});
