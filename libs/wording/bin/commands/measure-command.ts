import { measure } from '#wording';
import type { MeasureOptions, Platform } from '#wording';
import { lines } from '../lines.js';
import type { Sink } from '../lines.js';

type Check = (value: unknown) => boolean;
const positive: Check = (value) => Number.isInteger(value) && Number(value) > 0;
const among =
  (...allowed: unknown[]): Check =>
  (value) =>
    allowed.includes(value);

const OPTIONS: Record<keyof MeasureOptions, { check: Check; expected: string }> = {
  max: { check: positive, expected: 'a whole number above 0' },
  maxBytes: { check: positive, expected: 'a whole number above 0' },
  urlCost: { check: positive, expected: 'a whole number above 0' },
  reply: { check: among(true, false), expected: 'true or false' },
  spoiler: { check: (value) => typeof value === 'string', expected: 'a text' },
  caption: { check: among(true, false), expected: 'true or false' },
  field: {
    check: among('text', 'template', 'header', 'footer', 'caption', 'button'),
    expected: 'text, template, header, footer, caption or button',
  },
  reference: { check: among(8, 16), expected: '8 or 16' },
  maxParts: { check: positive, expected: 'a whole number above 0' },
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is asked of one platform beside `max`; an option that would be passed over in silence is refused. */
const KNOWN: Record<Platform, readonly (keyof MeasureOptions)[]> = {
  x: ['max', 'urlCost', 'reply'],
  bluesky: ['max', 'maxBytes'],
  mastodon: ['max', 'urlCost', 'spoiler'],
  threads: ['max'],
  facebook: ['max'],
  instagram: ['max'],
  telegram: ['max', 'caption'],
  whatsapp: ['max', 'field'],
  linkedin: ['max'],
  ntfy: ['max'],
  webpush: ['max'],
  sms: ['reference', 'maxParts'],
  cellbroadcast: [],
  'email-subject': ['max'],
  email: ['max'],
};

/** What is wrong with the options of a line, or undefined. */
function wrongOption(platform: Platform, options: Record<string, unknown>): string | undefined {
  const known = KNOWN[platform];
  for (const [name, value] of Object.entries(options)) {
    const option = known.find((one) => one === name);
    if (option === undefined) {
      return `${platform} has no option ${name}; it has ${known.length === 0 ? 'none' : known.join(', ')}`;
    }
    const { check, expected } = OPTIONS[option];
    if (!check(value)) return `option ${name} must be ${expected}`;
  }
  return undefined;
}

const wrong = (error: string) => ({ json: JSON.stringify({ error }), ok: false });
const NO_TEXT = 'this line has no "text" that is a string; write {"text": "…"}';

/** The answer to one line: what was measured, or `{"error": …}`, so that answers stay beside their questions. */
function answer(platform: Platform, line: string): { json: string; ok: boolean } {
  let asked: unknown;
  try {
    asked = JSON.parse(line);
  } catch {
    return wrong('this line is not JSON; write {"text": "…"}');
  }
  if (!isRecord(asked) || typeof asked['text'] !== 'string') return wrong(NO_TEXT);
  const { text } = asked;
  const options = asked['options'] ?? {};
  if (!isRecord(options)) return wrong('"options" must be an object, such as {"max": 500}');
  const mistake = wrongOption(platform, options);
  if (mistake !== undefined) return wrong(mistake);
  return { json: JSON.stringify(measure(platform, text as string, options as MeasureOptions)), ok: true };
}

/** Reads JSON lines and answers each; 0 when all could be measured, else 1. */
export async function measureCommand(
  platform: Platform,
  input: AsyncIterable<Uint8Array>,
  write: Sink,
): Promise<number> {
  let code = 0;
  for await (const arrived of lines(input)) {
    let answers = '';
    for (const line of arrived) {
      if ('text' in line && line.text.trim() === '') continue;
      const { json, ok } = 'wrong' in line ? wrong(line.wrong) : answer(platform, line.text);
      if (!ok) code = 1;
      answers += `${json}\n`;
    }
    // At once, so that a program may ask, wait for the answer, and ask again.
    if (answers !== '') await write(answers);
  }
  return code;
}
