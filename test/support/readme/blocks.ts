import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** One fenced block of a README: where it stands, what it says it is, and what is in it. */
export type Block = { file: string; line: number; language: string; text: string };

/** One command of a README with the output that is shown under it; empty where none is shown. */
export type Session = { file: string; line: number; command: string; output: string };

/** Every page of the house that people read. */
export function readmes(): string[] {
  return execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
    encoding: 'utf8',
  })
    .split('\n')
    .filter((path) => path !== '');
}

/** The fenced blocks of a page, in order. */
export function blocksOf(file: string, page: string = readFileSync(file, 'utf8')): Block[] {
  return [...page.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(({ index, 1: language = '', 2: text = '' }) => ({
    file,
    line: page.slice(0, index).split('\n').length,
    language,
    text,
  }));
}

/** The commands of a block: in `console` they begin with `$ `, and what follows is their output; in `sh` every line is one. */
export function sessionsOf({ file, line, language, text }: Block): Session[] {
  if (language === 'sh') {
    const commands = text.split('\n').map((one) => one.replace(/\s+#.*$/, '').trim());
    return commands.flatMap((command, n) =>
      command === '' ? [] : [{ file, line: line + 1 + n, command, output: '' }],
    );
  }
  if (language !== 'console') return [];
  const parts = text.split(/^\$ /m).slice(1);
  return parts.map((part) => {
    const [command = '', ...output] = part.split('\n');
    const at = line + 1 + text.slice(0, text.indexOf(`$ ${part}`)).split('\n').length - 1;
    return { file, line: at, command, output: output.join('\n').trimEnd() };
  });
}

/** Every `npm start` and `npm run …` that a page mentions, whether in a block or in a sentence. */
export function scriptsNamed(page: string): string[] {
  const named = page.matchAll(/\bnpm (?:run (?:--silent )?([\w-]+)|(start|test)\b)/g);
  return [...new Set([...named].map(([, run, plain]) => run ?? plain ?? ''))].toSorted();
}
