import { adviseSms, smsLength, splitSms, transliterateForSms } from '#wording';
import type { ReferenceBits } from '#wording';
import { Misuse } from '../command-line.js';
import { codePoint } from '../lines.js';
import type { Sink } from '../lines.js';

const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex');
/** What cannot be seen, or would join the sign before it, is only named. */
const SEEN = /^[^\p{C}\p{Z}\p{M}]$/u;
const name = (character: string) =>
  SEEN.test(character) ? `${character} ${codePoint(character)}` : codePoint(character);

/** Prints a text as the text messages it becomes: why it costs what it costs, then each part as hex and as text. */
export async function smsCommand(
  text: string,
  bits: ReferenceBits,
  reference: number,
  write: Sink,
): Promise<number> {
  if (text === '') throw new Misuse('there is no text: wording -- sms "Leave now."');
  const advice = adviseSms(text, bits);
  const plain = transliterateForSms(text);
  const { encoding, units, parts } = splitSms(plain.text, { reference, referenceBits: bits });
  const { parts: needed } = smsLength(plain.text, bits);
  await write(`${encoding}, ${units} ${encoding === 'GSM-7' ? 'septets' : 'units'}, ${needed} part(s)\n`);
  if (plain.changes.length > 0) {
    const saved = advice.partsSaved > 0 ? `, which saves ${advice.partsSaved} part(s)` : '';
    await write(`sent with plain marks${saved}:\n`);
    for (const { at, from, to } of plain.changes)
      await write(`  at ${at}: ${name(from)} → ${JSON.stringify(to)}\n`);
  } else if (advice.forcing.length > 0) {
    const costly = advice.forcing.map(({ character, count }) => `${name(character)} × ${count}`).join(', ');
    await write(`UCS-2 because of: ${costly}\n`);
  }
  if (parts.length === 0) {
    await write('too long: a message has at most 255 parts; shorten it\n');
    return 1;
  }
  for (const [index, part] of parts.entries()) {
    await write(`\npart ${index + 1}\n`);
    if (part.udh !== undefined) await write(`  header  ${hex(part.udh)}\n`);
    await write(`  payload ${hex(part.payload)}\n  text    ${JSON.stringify(part.text)}\n`);
  }
  return 0;
}
