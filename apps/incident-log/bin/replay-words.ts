import { parseArgs, types } from 'node:util';
import { z } from 'zod';

/** The command was called in a wrong way; the message says what to do. */
export class WrongUsage extends Error {}

/** What `npm run replay --` was asked for. Throws `WrongUsage` with what to do. */
export function replayWords(args: readonly string[]) {
  const { values, positionals } = parsed(args);
  const speed = values.speed === 'max' ? Infinity : Number(values.speed);
  if (!(speed > 0)) throw new WrongUsage('--speed takes a number above 0, or max');
  const format = z.enum(['text', 'json']).safeParse(values.format);
  if (!format.success) throw new WrongUsage('--format takes text or json');
  const [alone] = positionals;
  if (alone !== undefined) {
    const incident = alone.startsWith('inc_') ? alone : 'inc_…';
    throw new WrongUsage(`say what "${alone}" is: npm run replay -- --incident ${incident}`);
  }
  if (!values.help && values.incident === undefined && values.archive === undefined)
    throw new WrongUsage('name the incident: --incident inc_…');
  return { ...values, speed, format: format.data };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        incident: { type: 'string' },
        speed: { type: 'string', default: 'max' },
        format: { type: 'string', default: 'text' },
        archive: { type: 'string' },
        export: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    // Node goes on with how a word that begins with a dash is written alone, and no word is taken alone here.
    throw new WrongUsage(types.isNativeError(error) ? (error.message.split('. ')[0] ?? '') : String(error));
  }
}

/** Why nothing is told. `inFile` are the incidents of an exported archive, event by event; undefined when it was a database. */
export function nothingOf(
  incident: string | undefined,
  inFile: readonly (string | null)[] | undefined,
): string {
  if (incident === undefined) return 'this archive holds no event';
  const nothing = `no event of ${incident} is in this archive`;
  if (inFile === undefined) return `${nothing}; GET /v1/incidents lists the incidents that there are`;
  const held = [...new Set(inFile.filter((id) => id !== null))];
  return `${nothing}; it holds ${held.length === 0 ? 'none' : held.join(', ')}`;
}
