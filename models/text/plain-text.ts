/** Turns text that was written for a web page into what its reader sees: no tags, and characters in place of entities. */

const COMMENT = /<!--[^]*?(?:-->|$)/g;
const UNSEEN = /<(script|style)\b[^]*?(?:<\/\1\s*>|$)/gi;
/** These tags may stand inside a word; any other tag separates two words. */
const INLINE_TAG = /<\/?(?:a|b|em|font|i|span|strong|sub|sup|u)(?:\s[^<>]*)?>/gi;
const TAG = /<\/?[a-z][^<>]*>/gi;

/** @returns The text without HTML tags, with its entities read. A text without either stays as it is. */
export function withoutMarkup(text: string): string {
  const bare = text.replace(COMMENT, ' ').replace(UNSEEN, ' ').replace(INLINE_TAG, '').replace(TAG, ' ');
  return withoutEntities(bare === text ? text : bare.replace(/\s+/g, ' '));
}

const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,8}));/gi;

const NAMED: ReadonlyMap<string, string> = new Map(Object.entries({
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', shy: '', deg: '°', times: '×', middot: '·', bull: '•' },
  ...{ ndash: '–', mdash: '—', hellip: '…', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', bdquo: '„', laquo: '«', raquo: '»' },
  ...{ copy: '©', reg: '®', trade: '™', euro: '€', pound: '£', frac12: '½', szlig: 'ß', aelig: 'æ', AElig: 'Æ', oslash: 'ø', Oslash: 'Ø' },
})); // prettier-ignore

const ACCENTED = /^([a-z])(grave|acute|circ|tilde|uml|ring|cedil)$/i;
const ACCENTS: Readonly<Record<string, string>> = {
  ...{
    grave: '\u0300',
    acute: '\u0301',
    circ: '\u0302',
    tilde: '\u0303',
    uml: '\u0308',
    ring: '\u030a',
    cedil: '\u0327',
  },
};

/** @returns The text with the characters that its HTML entities stand for; entities that are not known stay. */
export function withoutEntities(text: string): string {
  return text.replace(ENTITY, (entity, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED.get(name) ?? accented(name) ?? entity;
    const code = decimal === undefined ? parseInt(hex!, 16) : Number(decimal);
    const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return isCharacter ? String.fromCodePoint(code) : entity;
  });
}

function accented(name: string): string | null {
  const [, letter, accent] = ACCENTED.exec(name) ?? [];
  return letter === undefined ? null : `${letter}${ACCENTS[accent]}`.normalize('NFC');
}
