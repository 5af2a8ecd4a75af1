/** A close frame of a WebSocket has room for this; `ws` throws at a longer reason. */
const MAX_REASON_BYTES = 123;

/** @returns As many whole characters of the text as a close frame has room for. */
export function closeReason(text: string): string {
  const bytes = Buffer.from(text).subarray(0, MAX_REASON_BYTES);
  return new TextDecoder().decode(bytes, { stream: true }); // "stream" leaves a character out that is cut
}
