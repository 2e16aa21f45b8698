import { parseArgs } from 'node:util';
import { isPlatform, PLATFORMS } from '#wording';
import { HELP } from './help.js';
import { allOf, sinkOf } from './lines.js';
import { measureCommand } from './measure-command.js';
import { smsCommand } from './sms-command.js';

/** A mistake in how the command was called; its message says what to do. */
class Misuse extends Error {
  override readonly name = 'Misuse';
}

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  platform: { type: 'string' },
  bits: { type: 'string' },
  reference: { type: 'string' },
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
    default:
      throw new Misuse(`there is no command ${command}`);
  }
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0); // the reader has seen enough
  throw error;
});

try {
  process.exitCode = await run();
} catch (error) {
  if (!(error instanceof Misuse) && !(error instanceof TypeError && 'code' in error)) throw error;
  process.stderr.write(`wording: ${error.message}\nTry: npm run wording -- --help\n`);
  process.exitCode = 2;
}
