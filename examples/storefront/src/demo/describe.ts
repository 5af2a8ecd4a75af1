/**
 * Reads what the titles of the demo shop say: a category and a design, by words. The first line that matches decides, so that a
 * Christmas card is for Christmas. The demo's own items have neither: a category is part of the text that a model learns from.
 */

const CATEGORIES: readonly (readonly [name: string, words: RegExp])[] = [
  [
    'Christmas',
    /christmas|xmas|advent|santa|reindeer|bauble|wreath|noel|snow|nativity|stocking|angel|jingle|scandinavian/,
  ],
  ['Warm & cosy', /hot water|warmer|cushion|slipper|blanket|throw|quilt|bed ?socks|draught|tea cosy/],
  ['Tea & coffee', /mug|\bcups?\b|\btea\b(?! ?-?light)|teacup|teapot|coffee|saucer|beaker|\bjugs?\b|milk/],
  ['Bags & purses', /\bbags?\b|purse|wallet|shopper|umbrella|suitcase|luggage|passport|fob|airline/],
  ['Candles & lights', /candle|t-?lights?|lantern|\blights?\b|incense|lamp|night ?light|\bwick\b/],
  ['Party', /party|bunting|balloon|garland|birthday|invite|paper chain|cocktail|streamer|confetti|doil/],
  ['Sewing & craft', /sewing|feltcraft|craft|button|knit|needle|\bfelt\b|decoupage|tape measure|stamp/],
  [
    'Cards & paper',
    /card|\bwrap\b|paper|\bpens?\b|pencil|notebook|ribbon|tissue|sticker|sketch|book|\btapes?\b|eraser|crayon|\btags?\b|envelope|calendar|rubber|sharpener|chalk|stationery|ruler|writing|post ?card/,
  ],
  [
    'Toys & games',
    /toy|doll|game|jigsaw|puzzle|playing|bingo|domino|children|kids|soldier|circus|baby|skittle|marble|spinning|money ?bank|piggy|magic|dinosaur|horse|skipping|ball\b|harmonica|babushka|plasters|spaceboy|robot|knight|\bfarm/,
  ],
  [
    'Kitchen & baking',
    /cake|\bbak(?:e|ing)\b|bowl|plate|\bjars?\b|\btins?\b|pantry|cutlery|frying|\bpan\b|apron|chopping|dish|\begg|jam|spoon|cookie|biscuit|recipe|kitchen|food|lunch|snack|bottle|napkin|tray|jelly|toast|oven|tea towel|herb|sugar|grater|scales|rolling pin|colander|cutter|ladle|whisk|straws|coaster|placemat|picnic|\bice\b|glass(?!es)|goblet|\bpot\b|dinner|utensil|corkscrew/,
  ],
  ['Garden', /garden|plant|water(?:ing)? can|parasol|gnome|trowel|fork|bird|trellis|\bseed|flower|zinc|butterfly|owl/],
  [
    'Jewellery & beauty',
    /necklace|bracelet|earring|\brings?\b|charm|brooch|\bhair|jewel|trinket|soap|bath|scent|compact|manicure|\bnail|bead|diamante|crystal|pendant|bangle|make ?up/,
  ],
  [
    'Home & storage',
    /drawer|knob|hook|hanger|cabinet|\bbox(?:es)?\b|storage|basket|door|clock|shelf|\bracks?\b|\bstand|stool|chair|table|\bbin\b|tidy|chest|holder|ladder|hamper|coat|bathroom|toilet|vase/,
  ],
  [
    'Walls & decoration',
    /\bsigns?\b|frame|wall|metal|heart|decoration|mirror|picture|block|hanging|ornament|photo|wicker|magnet|letter|chalkboard|board|\bstars?\b|feather|chain|tv|cloche|cage/,
  ],
];
const OTHERS = 'Gifts';

const DESIGNS = ['Retrospot', 'Dolly Girl', 'Spaceboy', 'Paisley', 'Woodland', 'Skull', 'Regency', 'Union Jack', 'London', 'Polkadot', 'Babushka', 'Lola', 'Charlotte', 'Suki', 'Strawberry', 'Circus', 'Gingham', 'French', 'Victorian', 'Edwardian', 'Morris', 'Botanical', 'Scandinavian', 'Feltcraft', 'Pantry', 'Alphabet', 'Apples', 'Sweetheart', 'Romantic', 'Vintage']; // prettier-ignore

/** @returns The names of all categories, as the shop lists them. */
export const CATEGORY_NAMES: readonly string[] = [...CATEGORIES.map(([name]) => name), OTHERS];

export function categoryOf(title: string): string {
  const text = title.toLowerCase();
  return CATEGORIES.find(([, words]) => words.test(text))?.[0] ?? OTHERS;
}

/** @returns The line of products that an item is of, such as Retrospot; null for most. */
export function designOf(title: string): string | null {
  const text = title.toLowerCase();
  return DESIGNS.find((design) => text.includes(design.toLowerCase())) ?? null;
}
