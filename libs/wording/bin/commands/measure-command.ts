import { measure } from '#wording';
import type { MeasureOptions, Platform } from '#wording';
import { lines } from '../lines.js';
import type { Sink } from '../lines.js';

/** Answers are written in pieces of this many characters: few system calls, little memory. */
const PIECE = 64 * 1024;

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

/** What is wrong with the options of a line, or undefined. */
function wrongOption(options: Record<string, unknown>): string | undefined {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(OPTIONS, name))
      return `option ${name} is unknown; there are ${Object.keys(OPTIONS).join(', ')}`;
    const { check, expected } = OPTIONS[name as keyof MeasureOptions];
    if (!check(value)) return `option ${name} must be ${expected}`;
  }
  return undefined;
}

/** The answer to one line: what was measured, or `{"error": …}`, so that answers stay beside their questions. */
function answer(platform: Platform, line: string): { json: string; ok: boolean } {
  const wrong = (error: string) => ({ json: JSON.stringify({ error }), ok: false });
  let asked: unknown;
  try {
    asked = JSON.parse(line);
  } catch {
    return wrong('this line is not JSON; write {"text": "…"}');
  }
  if (!isRecord(asked) || typeof asked['text'] !== 'string') return wrong('this line has no "text"');
  const { text, options = {} } = asked;
  if (!isRecord(options)) return wrong('"options" must be an object');
  const mistake = wrongOption(options);
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
  let piece = '';
  for await (const line of lines(input)) {
    if (line.trim() === '') continue;
    const { json, ok } = answer(platform, line);
    if (!ok) code = 1;
    piece += `${json}\n`;
    if (piece.length < PIECE) continue;
    await write(piece);
    piece = '';
  }
  if (piece !== '') await write(piece);
  return code;
}
