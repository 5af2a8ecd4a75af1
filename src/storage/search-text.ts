/** The form of titles in which they are searched. */

/** The wildcards of `contains`, and characters that look alike but are none. */
const WILDCARDS: Readonly<Record<string, string>> = { '%': '％', _: '＿', '\\': '＼' };

/** Makes a title, and what is looked for in titles, blind to case and free of wildcards, so that equal means found. */
export function searchText(text: string): string {
  return text.toLowerCase().replace(/[%_\\]/g, (wildcard) => WILDCARDS[wildcard]);
}
