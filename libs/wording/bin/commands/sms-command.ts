import { adviseSms, splitSms, transliterateForSms } from '#wording';
import type { ReferenceBits } from '#wording';
import type { Sink } from '../lines.js';

const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex');
const name = (character: string) => {
  const point = character.codePointAt(0) ?? 0;
  return `${character.trim() === '' ? '' : `${character} `}U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
};

/** Prints a text as the text messages it becomes: why it costs what it costs, then each part as hex and as text. */
export async function smsCommand(
  text: string,
  bits: ReferenceBits,
  reference: number,
  write: Sink,
): Promise<number> {
  const advice = adviseSms(text, bits);
  const plain = transliterateForSms(text);
  const { encoding, units, parts } = splitSms(plain.text, { reference, referenceBits: bits });
  await write(
    `${encoding}, ${units} ${encoding === 'GSM-7' ? 'septets' : 'units'}, ${parts.length} part(s)\n`,
  );
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
    await write('too long: a message has at most 255 parts\n');
    return 1;
  }
  for (const [index, part] of parts.entries()) {
    await write(`\npart ${index + 1}\n`);
    if (part.udh !== undefined) await write(`  header  ${hex(part.udh)}\n`);
    await write(`  payload ${hex(part.payload)}\n  text    ${JSON.stringify(part.text)}\n`);
  }
  return 0;
}
