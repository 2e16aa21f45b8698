const list = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

/** Words that hardly a Welsh sentence does without, and that are no English words. Our own list. */
const WELSH = list(`
  a’r a'r ac ar am at ble beth bod bydd byddwch cadwch canslwyd chi chwiliwch cyn dan dim diogel dŵr dyfroedd ddim ddydd
  dylech ei eich ein er erbyn eu ewch fe ffoniwch fydd gadewch gall gallwch gan gwybodaeth gyda heb heddlu hen hon hwn hyd
  hyn hysbysiad i’r i'r iawn lle llifogydd lleol mae mai mewn mwy mynd nac nad nawr neu neb nes ni nid niwed o’r o'r oddi
  oedd ond os pan peidiwch pob pobl pryd peryg perygl rhag rhybudd rhai rhaid rhwng roedd rydym saff sydd symudwch tan
  tân tŷ tai tua uchel unrhyw wedi wrth wneud y ydych ydy yma yn yna ynys yr ysgol yw ystafell arhoswch afon tywydd
  difrifol ardal ardaloedd argyfwng cartref dewch dilynwch diweddariad galwch gwynt heol ffordd ffyrdd eira glaw llanw môr
  cau cysylltwch mae’r mae'r gadewch gadael perygl ymosodiad mwg dianc rhybuddion stormydd ewch llety damwain ffrwydrad mellt dechrau diwedd drosodd drysau ffenestri caewch nwy trydan berwch yfed yfwch
`);
/** The same for English. */
const ENGLISH = list(`
  the and of to in is are be been was were will may can could should would must not do does did this that these those
  there here where when what who which with without from for by on at as or but if you your we our us they their it its
  has have had no now until before after about into over under near away stay leave go keep call please more than all any
  people water road home homes area warning police fire danger safe school river flood update by closed open inside
  outside indoors windows doors smoke attack crash missing move avoid drink boil help emergency call life wind snow power
`);
/** Words that both languages write. */
const NEITHER = list(
  'a i at am do no on he fe her over dim hen tan pan gall hon dan plant eu ton pump mae’n to',
);

const WORD = /[\p{L}’'ŵŷ]+/gu;

/** How many words of a text are surely Welsh, and how many surely English. */
export function languageWords(text: string): { welsh: number; english: number; words: number } {
  let [welsh, english, words] = [0, 0, 0];
  for (const [found] of text.matchAll(WORD)) {
    const word = found.toLowerCase();
    words += 1;
    if (NEITHER.has(word)) continue;
    if (WELSH.has(word) || /[ŵŷ]/.test(word)) welsh += 1;
    if (ENGLISH.has(word)) english += 1;
  }
  return { welsh, english, words };
}

/** Letters that Welsh words do not have. */
const NOT_WELSH = /[kqvxz]/i;
const NAME_OR_WORD = /(?<![\p{L}\p{N}@#./-])[\p{L}’'-]+(?![\p{L}\p{N}@/]|\.\p{L})/gu;

/** Words with a letter that Welsh lacks, but for those in `names`: "yn Vogel" once went to all of Wales for "yn ddiogel". */
export function wordsThatAreNotWelsh(
  text: string,
  names: ReadonlySet<string>,
): { word: string; start: number }[] {
  return Array.from(text.matchAll(NAME_OR_WORD), ({ 0: word, index }) => ({ word, start: index })).filter(
    ({ word }) => word.length > 2 && NOT_WELSH.test(word) && !names.has(word.toLowerCase()),
  );
}

/** The words of some texts, in lower case, to be told from misprints. */
export function wordsOf(texts: readonly string[]): Set<string> {
  return new Set(
    texts.flatMap((text) => Array.from(text.matchAll(NAME_OR_WORD), ([word]) => word.toLowerCase())),
  );
}
