import { readFile } from 'node:fs/promises';
import { isPlatform, PLATFORMS } from '#wording';
import { columnsOf, Misuse, readCall } from './command-line.js';
import type { Call } from './command-line.js';
import { HELP } from './help.js';
import { allOf, sinkOf, textOf } from './lines.js';
import { goldenCommand } from './commands/golden-command.js';
import { lintCommand } from './commands/lint-command.js';
import { measureCommand } from './commands/measure-command.js';
import { previewCommand } from './commands/preview-command.js';
import { smsCommand } from './commands/sms-command.js';
import { MasterUnreadable, readMaster } from './read-master.js';

const write = sinkOf(process.stdout);

async function run(args: readonly string[]): Promise<number> {
  const call = readCall(args);
  if (call === undefined) {
    await write(HELP);
    return 0;
  }
  const { command, words, options } = call;
  switch (command) {
    case 'measure': {
      const { platform = '' } = options;
      if (!isPlatform(platform)) throw new Misuse(`--platform must be one of ${PLATFORMS.join(', ')}`);
      sayThatInputIsAwaited();
      return measureCommand(platform, process.stdin, write);
    }
    case 'sms': {
      const { bits = '8' } = options;
      if (bits !== '8' && bits !== '16') throw new Misuse('--bits must be 8 or 16');
      const reference = Number(options.reference ?? 0);
      if (!Number.isInteger(reference) || reference < 0 || reference >= 2 ** Number(bits)) {
        throw new Misuse(`--reference must be a whole number from 0 to ${2 ** Number(bits) - 1}`);
      }
      const text = words.length > 0 ? words.join(' ') : withoutLastLineEnd(await written([]));
      return smsCommand(text, bits === '8' ? 8 : 16, reference, write);
    }
    case 'preview': {
      const columns = columnsOf(options.width, process.stdout.columns);
      return previewCommand(readMaster(await written(words)), columns, write);
    }
    case 'lint':
      return lintCommand(withoutLastLineEnd(await written(words)), { ...options, file: words[0] }, write);
    case 'golden':
      return goldenCommand(words[0] ?? 'libs/wording/samples', write);
  }
}

const withoutLastLineEnd = (text: string) => text.replace(/\r?\n$/, '');

/** The text of the file that is named, else of standard input. */
async function written([path]: Call['words']): Promise<string> {
  if (path === undefined || path === '-') sayThatInputIsAwaited();
  const octets = path === undefined || path === '-' ? await allOf(process.stdin) : await fileOf(path);
  const read = textOf(octets);
  if ('wrong' in read) throw new Misuse(read.wrong);
  return read.text;
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT:
    'there is no such file. To check a text by itself, write: echo "the text" | npm run wording -- lint',
  EISDIR: 'that is a folder; name a file in it',
  EACCES: 'you may not read that file',
};

async function fileOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new Misuse(`${path} cannot be read: ${UNREADABLE[code] ?? code}`);
  }
}

/** Nobody should sit before a silent terminal. */
function sayThatInputIsAwaited(): void {
  if (process.stdin.isTTY)
    process.stderr.write('wording: type the input, and end it with Ctrl-D on a new line\n');
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0); // the reader has seen enough
  throw error;
});

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Misuse || error instanceof MasterUnreadable)) throw error;
  process.stderr.write(`wording: ${error.message}\nTry: npm run wording -- --help\n`);
  process.exitCode = 2;
}
