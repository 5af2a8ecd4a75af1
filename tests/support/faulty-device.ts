/** A device of which one run goes wrong. */
import type { Compiled, Device } from '../../models/compute/device';

/** @returns The device, but the given run of that function, counted from 1, says that its loss is no number. */
export function faultyDevice(device: Device, name: string, faultyRun: number): Device {
  let runs = 0;
  return {
    kind: device.kind,
    description: device.description,
    read: (variable) => device.read(variable),
    rows: (variable) => device.rows(variable),
    write: (variable, values) => device.write(variable, values),
    adopt: (variable, values) => device.adopt(variable, values),
    dispose: () => device.dispose(),
    compile(fn, options) {
      const compiled = device.compile(fn, options);
      if (options.name !== name) return compiled;
      const run: Compiled['run'] = async (inputs) => {
        const outputs = await compiled.run(inputs);
        return ++runs === faultyRun ? { ...outputs, loss: { shape: [], data: Float32Array.of(NaN) } } : outputs;
      };
      return { run, dispose: () => compiled.dispose() };
    },
  };
}
