import { compose, isPlatform, measure, PLATFORMS } from '#wording';
import type { ComposeRequest } from '#wording';
import { Misuse } from '../command-line.js';
import { printable } from '../lines.js';
import type { MasterFile } from '../read-master.js';
import { requestOf } from '../read-master.js';
import type { Sink } from '../lines.js';

/** Characters of one column, and between two. */
const NARROWEST = 44;
const GAP = 3;

type Column = { lines: string[]; refused: boolean };

/** One platform's text as lines no longer than `width`, with its count above. */
function column(request: ComposeRequest, width: number): Column {
  const { platform } = request;
  const composed = compose(request);
  if (!composed.ok) {
    const why = `REFUSED ${composed.reason}: ${composed.detail}`;
    return { lines: [platform, '─'.repeat(width), ...wrap(why, width), ''], refused: true };
  }
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
  return { lines: [...subject, ...lines, ...leftOut], refused: false };
}

function wrap(text: string, width: number): string[] {
  return printable(text)
    .split('\n')
    .flatMap((paragraph) => {
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

/** Columns that a terminal gives a character: two for pictures and for Chinese, Japanese and Korean. */
const WIDE =
  /\p{Emoji_Presentation}|\ufe0f|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/u;
const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });
const length = (text: string) =>
  Array.from(characters.segment(text)).reduce((sum, { segment }) => sum + (WIDE.test(segment) ? 2 : 1), 0);
const pad = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - length(text)));

/** Shows a master on every platform, side by side, language after language; 1 when something in it cannot be sent as it is. */
export async function previewCommand(master: MasterFile, columns: number, write: Sink): Promise<number> {
  const across = Math.max(1, Math.floor((columns + GAP) / (NARROWEST + GAP)));
  const width = Math.floor((columns + GAP) / across) - GAP;
  const languages = Object.keys(master.texts);
  if (languages.length === 0)
    throw new Misuse('the master has no text: "texts" needs a language, such as "en-GB"');
  let code = 0;
  for (const language of languages) {
    await write(`\n${printable(language)}\n${'═'.repeat(columns)}\n`);
    const requests = PLATFORMS.map((platform) => requestOf(master, language, platform));
    const missing = requests.find((request) => typeof request === 'string');
    if (missing !== undefined) {
      await write(`cannot be shown: ${missing}\n`);
      code = 1;
      continue;
    }
    const shown = requests.flatMap((request) =>
      typeof request === 'string' ? [] : [column(request, width)],
    );
    if (shown.some(({ refused }) => refused)) code = 1;
    for (let from = 0; from < shown.length; from += across) {
      await write(sideBySide(shown.slice(from, from + across), width));
    }
  }
  return code;
}

function sideBySide(cells: readonly Column[], width: number): string {
  const height = Math.max(...cells.map(({ lines }) => lines.length));
  const rows = Array.from({ length: height }, (_, row) =>
    cells
      .map(({ lines }) => pad(lines[row] ?? '', width))
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
  return `${rows.join('\n')}\n`;
}
