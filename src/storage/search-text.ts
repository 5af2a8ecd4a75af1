/** The form of titles that is searched. */

/** The wildcards of `contains`, each with a character that looks alike but is no wildcard. */
const WILDCARDS: Readonly<Record<string, string>> = { '%': '％', _: '＿', '\\': '＼' };

/** Removes case and wildcards from titles, and from texts that are searched in titles, so that a plain comparison finds them. */
export function searchText(text: string): string {
  return text.toLowerCase().replace(/[%_\\]/g, (wildcard) => WILDCARDS[wildcard]);
}
