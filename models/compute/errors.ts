/** Errors of the compute engine; their cause is our own code, never a caller of the API. */

/** A tensor operation that a traced function uses and that has no rule. */
export class UnsupportedKernelError extends Error {
  override readonly name = 'UnsupportedKernelError';

  constructor(
    readonly kernelName: string,
    readonly backendName: string,
  ) {
    super(`compile: expected operations with a rule, got ${kernelName}, which backend ${backendName} does not have`);
  }
}

/** Values whose number or extent does not fit where they are put. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/** A traced function asked for a value that does not exist before the compiled graph runs. */
export class HostReadError extends Error {
  override readonly name = 'HostReadError';
}

/** No engine of the kind asked for works on this machine. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';
}
