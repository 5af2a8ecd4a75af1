/** @returns The text of a file in UTF-8; null when it is something else, such as a picture or a table in the code of one country. */
export async function readText(file: Blob): Promise<string | null> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    return text.includes('\u0000') ? null : text;
  } catch {
    return null;
  }
}
