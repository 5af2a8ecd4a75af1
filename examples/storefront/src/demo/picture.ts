/**
 * Draws an item from its title: a silhouette by its noun, colours by its colour words, a pattern by its design. The same title gives the
 * same picture.
 */

/** Colours by words of titles; the first that a title has is that of the thing. */
const COLOURS: readonly (readonly [words: RegExp, colour: string])[] = [
  [/\bred\b|strawberry|apple|cherry|poppy|santa/, '#c5443a'],
  [/pink|rose|romantic|girl|sweetheart/, '#df8ea4'],
  [/blue|london|sky|sea\b/, '#5b86b4'],
  [/turquoise|mint|duck ?egg/, '#6fb3a6'],
  [/green|leaf|herb|woodland|tree|botanical/, '#6d9468'],
  [/ivory|cream|antique|lace|natural/, '#e6d6b4'],
  [/white|dove|snow/, '#f3efe6'],
  [/black|skull|chalk|slate/, '#4a4744'],
  [/purple|lavender|lilac/, '#8d74a8'],
  [/silver|zinc|metal|glass|crystal/, '#aab4bb'],
  [/gold|brass|honey/, '#cfa648'],
  [/yellow|lemon|sunny/, '#e5c257'],
  [/orange|circus|peach/, '#dd8a4e'],
  [/wood|brown|chocolate|wicker|coffee/, '#a97c54'],
  [/spaceboy|dolly|paisley|charlotte/, '#4f8fa8'],
];
const OTHER_COLOURS = ['#c5604f', '#5b86b4', '#6d9468', '#cfa648', '#8d74a8', '#4f8fa8', '#df8ea4', '#a97c54'];
const GROUNDS = ['#f6e3d8', '#e4ecdf', '#dfe8ee', '#f3e6ea', '#f2ead2', '#e7e2ef', '#e0ece9', '#f0e4d7'];

const dots = '<circle cx="6" cy="6" r="3.4" fill="B"/><circle cx="18" cy="18" r="3.4" fill="B"/>';
const PATTERNS: readonly (readonly [words: RegExp, tile: string])[] = [
  [/spot|polka|dolly|dot/, dots],
  [/strip|circus|deckchair|ticking/, '<path d="M0 0h8v24H0z" fill="B"/>'],
  [/gingham|check|union|tartan|picnic/, '<path d="M0 0h12v24H0zM0 0h24v12H0z" fill="B" opacity=".55"/>'],
  [/heart|love|sweet/, '<path d="M12 18l-6-6a3.6 3.6 0 0 1 6-4 3.6 3.6 0 0 1 6 4z" fill="B"/>'],
  [
    /star|space|christmas|snow/,
    '<path d="M12 4l2 5.5 6 .3-4.700 3.600 1.700 5.600-5-3.400-5 3.400 1.700-5.600L4 9.800l6-.3z" fill="B"/>',
  ],
  [
    /flower|rose|floral|paisley|botanical|morris|english|daisy|fairy|posy|vintage/,
    '<g fill="B"><circle cx="12" cy="7" r="3"/><circle cx="17" cy="11" r="3"/><circle cx="15" cy="16.500" r="3"/><circle cx="9" cy="16.500" r="3"/><circle cx="7" cy="11" r="3"/></g>',
  ],
];

/** Silhouettes on a field of 200 × 200; `A` stands for the filling, `B` for the second colour. The first that matches is drawn. */
const SHAPES: readonly (readonly [words: RegExp, drawing: string])[] = [
  [
    /hot water bottle/,
    '<path d="M84 34h32v16h-32z" fill="B"/><path d="M88 48h24v12c22 4 30 14 30 34v44c0 18-10 26-42 26s-42-8-42-26V94c0-20 8-30 30-34z" fill="A"/>',
  ],
  [
    /alarm clock|clock/,
    '<circle cx="100" cy="104" r="58" fill="A"/><circle cx="100" cy="104" r="44" fill="#fffdf8"/><path d="M100 72v32l22 14" fill="none" stroke="#3a3633" stroke-width="6" stroke-linecap="round"/><circle cx="62" cy="46" r="14" fill="B"/><circle cx="138" cy="46" r="14" fill="B"/>',
  ],
  [
    /bunting|garland|paper chain/,
    '<path d="M16 62q84 44 168 0" fill="none" stroke="#5a5550" stroke-width="4"/><path d="M26 70l36 12-24 36zM82 86l38 0-19 42zM140 82l34-13-9 47z" fill="A"/><path d="M58 82l28 4-18 38zM118 86l26-4-8 42z" fill="B"/>',
  ],
  [
    /balloon/,
    '<ellipse cx="78" cy="78" rx="34" ry="42" fill="A"/><ellipse cx="128" cy="92" rx="30" ry="38" fill="B"/><path d="M78 122q8 30 22 50M128 132q-8 20-26 40" fill="none" stroke="#5a5550" stroke-width="3"/>',
  ],
  [
    /umbrella|parasol|rain/,
    '<path d="M24 104a76 70 0 0 1 152 0q-12-12-25 0-13-12-26 0-12-12-25 0-13-12-26 0-13-12-25 0-13-12-25 0z" fill="A"/><path d="M100 34v116q0 18 16 18t16-16" fill="none" stroke="#5a5550" stroke-width="7" stroke-linecap="round"/>',
  ],
  [
    /lantern/,
    '<path d="M70 64h60l10 96H60z" fill="A"/><path d="M62 58h76l-16-20H78z" fill="B"/><path d="M84 84h32v60H84z" fill="#fff3c9"/><path d="M100 96q14 18 0 34-14-16 0-34z" fill="#e9a23b"/><circle cx="100" cy="32" r="9" fill="none" stroke="#5a5550" stroke-width="4"/>',
  ],
  [
    /t-?light|votive/,
    '<path d="M54 92h92l-12 62q-34 12-68 0z" fill="A"/><ellipse cx="100" cy="92" rx="46" ry="12" fill="B"/><path d="M100 46q18 22 0 42-18-20 0-42z" fill="#e9a23b"/>',
  ],
  [
    /candle|incense|\bwick\b/,
    '<path d="M60 84h26v82H60zM114 70h26v96h-26z" fill="A"/><path d="M88 104h26v62H88z" fill="B"/><path d="M73 52q11 14 0 26-11-12 0-26zM127 38q11 14 0 26-11-12 0-26zM101 72q11 14 0 26-11-12 0-26z" fill="#e9a23b"/>',
  ],
  [
    /\blights?\b|lamp|torch/,
    '<path d="M14 60q46 60 86 24t86 20" fill="none" stroke="#5a5550" stroke-width="4"/><circle cx="38" cy="96" r="16" fill="A"/><circle cx="82" cy="114" r="16" fill="B"/><circle cx="124" cy="94" r="16" fill="A"/><circle cx="166" cy="116" r="16" fill="B"/>',
  ],
  [
    /wreath/,
    '<circle cx="100" cy="100" r="50" fill="none" stroke="A" stroke-width="28"/><path d="M100 146l-30 26 10-30zM100 146l30 26-10-30z" fill="B"/><circle cx="100" cy="148" r="10" fill="B"/>',
  ],
  [
    /christmas tree|\btrees?\b/,
    '<path d="M100 26l34 48h-18l30 42h-20l28 40H46l28-40H54l30-42H66z" fill="A"/><path d="M90 156h20v18H90z" fill="#a97c54"/><circle cx="88" cy="96" r="7" fill="B"/><circle cx="116" cy="126" r="7" fill="B"/><circle cx="82" cy="138" r="7" fill="B"/>',
  ],
  [
    /bauble|christmas.*(?:decoration|hanging)|ornament|\bbells?\b/,
    '<circle cx="100" cy="112" r="54" fill="A"/><path d="M86 44h28v18H86z" fill="B"/><path d="M100 44V24" stroke="#5a5550" stroke-width="4"/><path d="M48 104q52 26 104 0v16q-52 26-104 0z" fill="B"/>',
  ],
  [
    /mug|beaker|cocoa/,
    '<path d="M50 58h86v92q0 14-14 14H64q-14 0-14-14z" fill="A"/><path d="M136 78h12q22 0 22 26t-22 26h-12" fill="none" stroke="A" stroke-width="14"/><ellipse cx="93" cy="58" rx="43" ry="10" fill="B"/>',
  ],
  [
    /tea ?cup|\bcups?\b|saucer/,
    '<path d="M48 82h96q0 58-48 58T48 82z" fill="A"/><path d="M142 92q24-2 22 18t-34 18" fill="none" stroke="A" stroke-width="10"/><ellipse cx="96" cy="82" rx="48" ry="11" fill="B"/><ellipse cx="96" cy="152" rx="70" ry="11" fill="A"/>',
  ],
  [
    /teapot|\bjugs?\b|coffee|kettle|milk|water(?:ing)? can/,
    '<path d="M58 80h78l10 60q-2 24-49 24t-49-24z" fill="A"/><path d="M142 92q34-2 28 26-4 18-30 18M56 100q-28-4-32-30" fill="none" stroke="A" stroke-width="12"/><path d="M66 80q31-34 62 0z" fill="B"/><circle cx="97" cy="56" r="8" fill="B"/>',
  ],
  [
    /cake ?stand|cake|cupcake|muffin/,
    '<path d="M52 92q0-46 48-46t48 46z" fill="B"/><path d="M50 92h100l-14 66H64z" fill="A"/><circle cx="100" cy="40" r="10" fill="#c5443a"/>',
  ],
  [
    /lunch bag|jumbo|shopper|\bbags?\b|shoulder/,
    '<path d="M46 74h108l12 92H34z" fill="A"/><path d="M72 74q0-40 28-40t28 40" fill="none" stroke="B" stroke-width="10"/>',
  ],
  [
    /purse|wallet|passport|fob/,
    '<path d="M40 76h120v72q0 16-16 16H56q-16 0-16-16z" fill="A"/><path d="M40 84q0-36 60-36t60 36v12H40z" fill="B"/><circle cx="100" cy="98" r="9" fill="#cfa648"/>',
  ],
  [
    /cutlery|spoon|fork|whisk|ladle|chopstick/,
    '<ellipse cx="70" cy="62" rx="18" ry="27" fill="A"/><path d="M64 86h12v80H64z" fill="A"/><path d="M112 36h7v36h6V36h7v36h6V36h7v48q0 14-12 16v66h-10v-66q-11-2-11-16z" fill="B"/>',
  ],
  [
    /apron|pinny|tea towel|flannel|towel/,
    '<path d="M76 42h48l8 44h26v76q-58 16-116 0V86h26z" fill="A"/><path d="M76 42q24 22 48 0" fill="none" stroke="B" stroke-width="6"/><path d="M74 116h52v28H74z" fill="B"/>',
  ],
  [
    /plate|dish|tray|doil|placemat|coaster/,
    '<circle cx="100" cy="102" r="66" fill="A"/><circle cx="100" cy="102" r="42" fill="#fffdf8"/><circle cx="100" cy="102" r="42" fill="none" stroke="B" stroke-width="5" stroke-dasharray="2 9" stroke-linecap="round"/>',
  ],
  [
    /bowl|basin|\bpan\b|frying|pudding/,
    '<path d="M30 90h140q-4 70-70 70T30 90z" fill="A"/><ellipse cx="100" cy="90" rx="70" ry="15" fill="B"/>',
  ],
  [
    /\bjars?\b|jam\b|preserve|honey/,
    '<path d="M58 66h84v86q0 14-14 14H72q-14 0-14-14z" fill="A"/><path d="M54 44h92v24H54z" fill="B"/><path d="M70 92h60v40H70z" fill="#fffdf8"/>',
  ],
  [
    /bottle|flask|soap|perfume|bath/,
    '<path d="M84 30h32v34q22 12 22 36v54q0 14-14 14H76q-14 0-14-14v-54q0-24 22-36z" fill="A"/><path d="M84 30h32v16H84z" fill="B"/><path d="M66 106h68v34H66z" fill="#fffdf8"/>',
  ],
  [
    /drawer knob|knob|hook|hanger/,
    '<path d="M56 150h88v14H56z" fill="B"/><path d="M90 104h20v48H90z" fill="B"/><circle cx="100" cy="80" r="44" fill="A"/>',
  ],
  [
    /necklace|bracelet|charm|pendant|\bring\b|earring/,
    '<path d="M48 42q4 82 52 88 48-6 52-88" fill="none" stroke="B" stroke-width="5"/><path d="M100 122l22 22-22 28-22-28z" fill="A"/>',
  ],
  [
    /cushion|quilt|throw|pillow|feltcraft cushion/,
    '<path d="M42 46q58 14 116 0 14 58 0 112-58-14-116 0-14-58 0-112z" fill="A"/><path d="M84 90h32v26H84z" fill="B"/>',
  ],
  [
    /doll|girl|babushka|angel|fairy|children|princess|\bkit\b.*(?:emily|rosie)/,
    '<path d="M100 78q44 20 46 68 0 22-46 22t-46-22q2-48 46-68z" fill="A"/><circle cx="100" cy="62" r="32" fill="B"/><circle cx="100" cy="66" r="21" fill="#f7dfc8"/><circle cx="93" cy="66" r="3"/><circle cx="107" cy="66" r="3"/>',
  ],
  [
    /jigsaw|puzzle|domino|game|ludo|playing|bingo|block|alphabet/,
    '<path d="M38 38h58v58H38z" fill="A"/><path d="M104 38h58v58h-58zM38 104h58v58H38z" fill="B"/><path d="M104 104h58v58h-58z" fill="A"/><circle cx="67" cy="67" r="10" fill="#fffdf8"/><circle cx="133" cy="133" r="10" fill="#fffdf8"/>',
  ],
  [
    /bird|dove|\bowl\b|duck|\bhen\b|\begg/,
    '<path d="M40 104q6-52 58-52 40 0 46 38l24 8-24 10q-8 50-56 50-34 0-48-24l-24 4z" fill="A"/><path d="M72 108q28-22 48 4-10 30-40 26z" fill="B"/><circle cx="122" cy="84" r="5"/>',
  ],
  [
    /flower ?pot|plant|garden|trellis|flower/,
    '<path d="M64 112h72l-10 54H74z" fill="A"/><path d="M58 98h84v18H58z" fill="B"/><path d="M100 98V58M100 80q-26-2-30-26 26 0 30 26zM100 70q22-4 26-28-24 2-26 28z" fill="#6d9468" stroke="#6d9468" stroke-width="5"/>',
  ],
  [
    /pencil|\bpens?\b|crayon|chalk/,
    '<path d="M54 74h22v92H54zM124 74h22v92h-22z" fill="A"/><path d="M89 66h22v100H89z" fill="B"/><path d="M54 74l11-32 11 32zM124 74l11-32 11 32zM89 66l11-34 11 34z" fill="#f0d9b5"/>',
  ],
  [
    /notebook|book|sketch|calendar|organiser|journal/,
    '<path d="M54 38h98v124H54z" fill="A"/><path d="M54 38h16v124H54z" fill="B"/><path d="M86 66h48v28H86z" fill="#fffdf8"/>',
  ],
  [
    /ribbon|reel|\btapes?\b/,
    '<circle cx="88" cy="96" r="52" fill="A"/><circle cx="88" cy="96" r="18" fill="#fffdf8"/><path d="M88 148q52 2 86-20l-6 20 10 12q-44 10-90 2z" fill="B"/>',
  ],
  [
    /\bwrap\b|tissue|paper/,
    '<path d="M44 44h80v118H44z" fill="A"/><path d="M124 44q26 0 26 18v118q-2-18-26-18z" fill="B"/>',
  ],
  [
    /card|invite|envelope|letter|post/,
    '<path d="M36 58h128v92H36z" fill="A"/><path d="M36 58l64 52 64-52" fill="none" stroke="B" stroke-width="7"/>',
  ],
  [
    /frame|photo|picture|wall art|mirror/,
    '<path d="M46 36h108v128H46z" fill="A"/><path d="M66 56h68v88H66z" fill="#fffdf8"/><path d="M66 144l24-36 18 22 14-16 12 14v16z" fill="B"/>',
  ],
  [
    /\bsigns?\b|doormat|mat\b|slate|board|plaque/,
    '<path d="M30 78h140v70H30z" fill="A"/><path d="M60 78l40-38 40 38" fill="none" stroke="#5a5550" stroke-width="4"/><path d="M52 102h96M66 122h68" stroke="B" stroke-width="8" stroke-linecap="round"/>',
  ],
  [
    /\btins?\b|drum|bucket|bin\b|caddy/,
    '<path d="M50 64h100v86q-50 24-100 0z" fill="A"/><ellipse cx="100" cy="64" rx="50" ry="16" fill="B"/>',
  ],
  [/heart/, '<path d="M100 164L44 106q-22-28 2-52 28-22 54 8 26-30 54-8 24 24 2 52z" fill="A"/>'],
  [/\bstars?\b|snow/, '<path d="M100 28l20 48 52 4-40 34 13 51-45-28-45 28 13-51-40-34 52-4z" fill="A"/>'],
  [
    /\bbox(?:es)?\b|chest|cabinet|drawer|storage|crate|case/,
    '<path d="M40 82h120v80H40z" fill="A"/><path d="M34 60h132v26H34z" fill="B"/><path d="M90 92h20v14H90z" fill="#cfa648"/>',
  ],
  [
    /sewing|knit|felt|craft|needle|button/,
    '<circle cx="100" cy="102" r="58" fill="A"/><g fill="#fffdf8"><circle cx="84" cy="86" r="9"/><circle cx="116" cy="86" r="9"/><circle cx="84" cy="118" r="9"/><circle cx="116" cy="118" r="9"/></g><circle cx="100" cy="102" r="58" fill="none" stroke="B" stroke-width="8"/>',
  ],
];
const PRESENT =
  '<path d="M46 84h108v80H46z" fill="A"/><path d="M40 66h120v24H40zM90 66h20v98H90z" fill="B"/><path d="M100 66q-44-4-36-26 18-14 36 26 18-40 36-26 8 22-36 26z" fill="B"/>';

/** Where the shop has the picture of a title. */
export function picturePath(title: string): string {
  return `/pictures/${encodeURIComponent(title)}.svg`;
}

/** @returns An SVG of less than a kilobyte. */
export function pictureOf(title: string): string {
  const text = title.toLowerCase();
  const chance = hashOf(text);
  const first = COLOURS.find(([words]) => words.test(text))?.[1] ?? OTHER_COLOURS[chance % OTHER_COLOURS.length];
  const others = OTHER_COLOURS.filter((colour) => colour !== first);
  const second = isLight(first) ? others[(chance >>> 3) % others.length] : '#fff6e6';
  const drawing = SHAPES.find(([words]) => words.test(text))?.[1] ?? PRESENT;
  const tile = PATTERNS.find(([words]) => words.test(text))?.[1] ?? '';
  const pattern = `<pattern id="p" width="24" height="24" patternUnits="userSpaceOnUse"><path d="M0 0h24v24H0z" fill="${first}"/>${tile.replaceAll('"B"', `"${second}" fill-opacity=".8"`)}</pattern>`;
  // The second colour has to be seen on the ground, too.
  const edge = isLight(first) ? second : darker(first);
  const thing = drawing.replaceAll('"A"', '"url(#p)"').replaceAll('"B"', `"${edge}"`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200"><defs>${pattern}</defs><path d="M0 0h200v200H0z" fill="${GROUNDS[(chance >>> 6) % GROUNDS.length]}"/><ellipse cx="100" cy="174" rx="62" ry="8" fill="#3a3633" opacity=".12"/>${thing}</svg>`;
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193) >>> 0;
  return hash;
}

const channels = (colour: string) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

function isLight(colour: string): boolean {
  return channels(colour).reduce((sum, channel) => sum + channel, 0) > 3 * 205;
}

function darker(colour: string): string {
  return `#${channels(colour)
    .map((channel) =>
      Math.round(channel * 0.72)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}
