import { parseArgs } from 'node:util';
import { ListChannel } from '#contracts';

/** What `--help` says. */
export const help = `Takes in who is to be warned by e-mail or text message.

  npm run subscribers -- import --channel email FILE.csv
  npm run subscribers -- import --channel sms FILE.csv       FILE.csv may be - for standard input
  npm run subscribers -- count --channel email|sms

The file is CSV in UTF-8, separated by commas or semicolons, whose first line names its columns:
  address,language,lat,lon,consent        for email
  phone,language,lat,lon,consent          for sms; numbers in the national form are taken as British
lat and lon are degrees (WGS 84); without both the person is in no area. consent is "yes" or the date it was given, such as 2025-02-01.
Bad lines are listed with their number and the reason, the good ones are kept. The same file again changes nothing.
Whoever has opted out stays so, whatever the file says.

It goes to the system that runs on DATA_DIR (default .data), or to DATABASE_URL.
It ends with 0 when lines were kept, with 1 when none were, with 2 when it was called wrongly.`;

/** The command was called wrongly, or there is nothing to call it on; the message says what to do. */
export class WrongUsage extends Error {}

/** What the words ask for. */
export type Asked = { help: boolean; verb: 'import' | 'count'; channel: ListChannel; file: string };

/** Throws `WrongUsage`. */
export function readWords(words: readonly string[]): Asked {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { channel: { type: 'string' }, help: { type: 'boolean', default: false } },
    });
  } catch (error) {
    throw new WrongUsage(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  const [verb, file, ...more] = positionals;
  if (values.help || words.length === 0) return { help: true, verb: 'count', channel: 'email', file: '' };
  if (verb !== 'import' && verb !== 'count')
    throw new WrongUsage(`what to do is import or count, not "${verb ?? ''}"`);
  const channel = ListChannel.safeParse(values.channel);
  if (!channel.success) throw new WrongUsage('--channel takes email or sms');
  if (verb === 'import' && file === undefined)
    throw new WrongUsage('import needs a file, or - for standard input');
  if (more.length > 0 || (verb === 'count' && file !== undefined))
    throw new WrongUsage('there are words too many');
  return { help: false, verb, channel: channel.data, file: file ?? '' };
}
