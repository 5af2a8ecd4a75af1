/**
 * Keeps ONNX Runtime from reporting its use to its maker, which the official builds do unless this variable is set when the library
 * starts (its docs/Privacy.md). A thread's variables are a copy that the library does not see: who starts threads calls this before.
 */
export function forbidTelemetry(): void {
  // eslint-disable-next-line n/no-process-env -- the library reads it, not this program
  process.env.ORT_DISABLE_TELEMETRY ??= '1';
}
