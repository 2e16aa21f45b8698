import { compose, isPlatform, measure, PLATFORMS } from '#wording';
import type { MasterFile } from '../read-master.js';
import { requestOf } from '../read-master.js';
import type { Sink } from '../lines.js';

/** Characters of one column, and between two. */
const NARROWEST = 44;
const GAP = 3;

/** One platform's text as lines no longer than `width`, with its count above. */
function column(master: MasterFile, language: string, platform: string, width: number): string[] {
  const request = requestOf(master, language, platform);
  if (typeof request === 'string') return [platform, ...wrap(`cannot be shown: ${request}`, width)];
  const composed = compose(request);
  if (!composed.ok) return [platform, ...wrap(`REFUSED ${composed.reason}: ${composed.detail}`, width)];
  const lines = composed.parts.flatMap(({ text }, index) => {
    const { used, max, parts, pages } = isPlatform(platform) ? measure(platform, text) : { used: 0, max: 0 };
    const pieces =
      parts === undefined ? (pages === undefined ? '' : `, ${pages} page(s)`) : `, ${parts} part(s)`;
    const name = composed.parts.length > 1 ? `${platform} ${index + 1}/${composed.parts.length}` : platform;
    return [`${name} · ${used} of ${max}${pieces}`, '─'.repeat(width), ...wrap(text, width), ''];
  });
  const subject = composed.subject === undefined ? [] : [...wrap(`Subject: ${composed.subject}`, width), ''];
  const leftOut =
    composed.leftOut.length === 0 ? [] : [...wrap(`left out: ${composed.leftOut.join(', ')}`, width), ''];
  return [...subject, ...lines, ...leftOut];
}

function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    for (const word of paragraph.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (line !== '' && length(longer) > width) {
        lines.push(line);
        line = word;
      } else line = longer;
    }
    return [...lines, line];
  });
}

const length = (text: string) => Array.from(text).length;
const pad = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - length(text)));

/** Shows a master on every platform, side by side, language after language. */
export async function previewCommand(master: MasterFile, columns: number, write: Sink): Promise<number> {
  const across = Math.max(1, Math.floor((columns + GAP) / (NARROWEST + GAP)));
  const width = Math.floor((columns + GAP) / across) - GAP;
  for (const language of Object.keys(master.texts)) {
    await write(`\n${language}\n${'═'.repeat(columns)}\n`);
    for (let from = 0; from < PLATFORMS.length; from += across) {
      const cells = PLATFORMS.slice(from, from + across).map((platform) =>
        column(master, language, platform, width),
      );
      const height = Math.max(...cells.map((cell) => cell.length));
      for (let row = 0; row < height; row += 1) {
        const line = cells.map((cell) => pad(cell[row] ?? '', width)).join(' '.repeat(GAP));
        await write(`${line.trimEnd()}\n`);
      }
    }
  }
  return 0;
}
