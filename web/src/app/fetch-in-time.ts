/** Longer than anything that the console asks for takes. A server that hangs would be waited for without an end. */
const DEADLINE_MS = 120_000;

/** `fetch`, which fails with a `TimeoutError` when the whole answer is not there in time. */
export const fetchInTime: typeof fetch = (input, init) => {
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  return fetch(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, deadline]) : deadline });
};
