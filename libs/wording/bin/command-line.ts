import { parseArgs } from 'node:util';

/** A mistake in how the command was called, or in what it was given; its message says what to do. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
}

/** What each command may be told, beside `--help`; `files` is how many words may follow its name. */
const COMMANDS = {
  measure: { options: ['platform'], words: 0 },
  sms: { options: ['bits', 'reference'], words: Infinity },
  preview: { options: ['width'], words: 1 },
  lint: { options: ['now', 'mode', 'language'], words: 1 },
  golden: { options: [], words: 1 },
} as const satisfies Record<string, { options: readonly string[]; words: number }>;

export type CommandName = keyof typeof COMMANDS;
type OptionName = (typeof COMMANDS)[CommandName]['options'][number];

/** A command as it was called. Only options that it knows are in `options`, each with a value. */
export type Call = {
  command: CommandName;
  words: string[];
  options: Partial<Record<OptionName, string>>;
};

const isCommand = (name: string): name is CommandName => Object.hasOwn(COMMANDS, name);

/** Reads the words after `wording`; undefined when help is asked for. Throws `Misuse` for anything else that is not understood. */
export function readCall(args: readonly string[]): Call | undefined {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: VALUED,
  });
  if (tokens.some((token) => token.kind === 'option' && (token.name === 'help' || token.name === 'h')))
    return undefined;
  const [command, ...words] = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  if (command === 'help') return undefined;
  const all = Object.keys(COMMANDS).join(', ');
  if (command === undefined) throw new Misuse(`say which command: ${all}`);
  if (!isCommand(command)) throw new Misuse(`there is no command ${command}; there are ${all}`);
  const { options: known, words: most } = COMMANDS[command];
  const options: Call['options'] = {};
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const name = (known as readonly OptionName[]).find((one) => one === token.name);
    if (name === undefined) throw new Misuse(unknownOption(command, token.rawName, known));
    if (token.value === undefined) throw new Misuse(`--${name} needs a value after it`);
    options[name] = token.value;
  }
  if (words.length > most) {
    const limit = most === 0 ? 'takes no words, only options' : 'takes one file';
    throw new Misuse(`${command} ${limit}: ${words.slice(most).join(' ')} is too much`);
  }
  return { command, words, options };
}

const VALUED = Object.fromEntries(
  Object.values(COMMANDS).flatMap(({ options }) =>
    options.map((name) => [name, { type: 'string' as const }]),
  ),
);

function unknownOption(command: CommandName, written: string, known: readonly string[]): string {
  if (command === 'sms' && !written.startsWith('--')) {
    return `${written} is no option; a text that begins with - goes last, behind -- --: wording -- sms -- "-5 degrees"`;
  }
  const there = known.length === 0 ? 'it has none' : `it has ${known.map((name) => `--${name}`).join(', ')}`;
  return `${command} has no option ${written}; ${there}`;
}

/** Columns of a terminal that does not say how wide it is. */
const USUAL_COLUMNS = 140;
/** A narrower preview would break within words. */
const LEAST_COLUMNS = 20;

/**
 * How many columns a preview takes: those asked for by `--width`, else those of the terminal, which is undefined where there is none
 * and 0 where it does not know its own. Throws `Misuse` for a width that is none; nobody is blamed for the terminal's.
 */
export function columnsOf(asked: string | undefined, terminal: number | undefined): number {
  const columns = Number(asked ?? Math.max(LEAST_COLUMNS, terminal || USUAL_COLUMNS));
  if (!Number.isInteger(columns) || columns < LEAST_COLUMNS)
    throw new Misuse(`--width must be a whole number from ${LEAST_COLUMNS}`);
  return columns;
}
