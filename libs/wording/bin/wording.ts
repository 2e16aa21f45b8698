import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { isPlatform, PLATFORMS } from '#wording';
import { HELP } from './help.js';
import { allOf, sinkOf } from './lines.js';
import { goldenCommand } from './commands/golden-command.js';
import { lintMasterCommand, lintTextCommand } from './commands/lint-command.js';
import { measureCommand } from './commands/measure-command.js';
import { previewCommand } from './commands/preview-command.js';
import { smsCommand } from './commands/sms-command.js';
import { MasterUnreadable, readMaster } from './read-master.js';

/** A mistake in how the command was called; its message says what to do. */
class Misuse extends Error {
  override readonly name = 'Misuse';
}

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  platform: { type: 'string' },
  bits: { type: 'string' },
  reference: { type: 'string' },
  now: { type: 'string' },
  mode: { type: 'string' },
  language: { type: 'string' },
  width: { type: 'string' },
} as const;

const write = sinkOf(process.stdout);

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const [command, ...rest] = positionals;
  if (values.help === true || command === undefined) {
    await write(HELP);
    return values.help === true ? 0 : 2;
  }
  switch (command) {
    case 'measure': {
      const { platform = '' } = values;
      if (!isPlatform(platform)) throw new Misuse(`--platform must be one of ${PLATFORMS.join(', ')}`);
      return measureCommand(platform, process.stdin, write);
    }
    case 'sms': {
      const bits = values.bits ?? '8';
      if (bits !== '8' && bits !== '16') throw new Misuse('--bits must be 8 or 16');
      const reference = Number(values.reference ?? 0);
      if (!Number.isInteger(reference) || reference < 0 || reference >= 2 ** Number(bits)) {
        throw new Misuse(`--reference must be a whole number below ${2 ** Number(bits)}`);
      }
      const text = rest.length > 0 ? rest.join(' ') : (await allOf(process.stdin)).replace(/\r?\n$/, '');
      return smsCommand(text, bits === '8' ? 8 : 16, reference, write);
    }
    case 'preview': {
      const columns = Number(values.width ?? process.stdout.columns ?? 140);
      if (!Number.isInteger(columns) || columns < 20)
        throw new Misuse('--width must be a whole number from 20');
      return previewCommand(readMaster(await fileOrInput(rest)), columns, write);
    }
    case 'lint': {
      const text = await fileOrInput(rest);
      const { mode = 'live', language = 'en-GB' } = values;
      if (mode !== 'live' && mode !== 'exercise') throw new Misuse('--mode must be live or exercise');
      if (!text.trimStart().startsWith('{'))
        return lintTextCommand(text.replace(/\r?\n$/, ''), mode, language, write);
      return lintMasterCommand(readMaster(text), values.now, write);
    }
    case 'golden':
      return goldenCommand(rest[0] ?? 'libs/wording/samples', write);
    default:
      throw new Misuse(`there is no command ${command}`);
  }
}

/** The file that is named, else standard input. */
async function fileOrInput([path]: readonly string[]): Promise<string> {
  if (path === undefined || path === '-') return allOf(process.stdin);
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw new Misuse(`${path} cannot be read`);
  }
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0); // the reader has seen enough
  throw error;
});

try {
  process.exitCode = await run();
} catch (error) {
  const expected = error instanceof Misuse || error instanceof MasterUnreadable;
  if (!expected && !(error instanceof TypeError && 'code' in error)) throw error;
  process.stderr.write(`wording: ${error.message}\nTry: npm run wording -- --help\n`);
  process.exitCode = 2;
}
