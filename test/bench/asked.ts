import { parseArgs } from 'node:util';

/** The command line asks for what does not exist; the message says what does. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}

/** The options of one benchmark, each with a default. Throws `WrongUsage` for any other word. */
export function asked<Name extends string>(
  args: readonly string[],
  defaults: Readonly<Record<Name, string>>,
): Record<Name, string> {
  const options = Object.fromEntries(
    Object.entries<string>(defaults).map(([name, usual]) => [
      name,
      { type: 'string' as const, default: usual },
    ]),
  );
  try {
    return parseArgs({ args: [...args], options }).values as Record<Name, string>;
  } catch (error) {
    const names = Object.keys(defaults).map((name) => `--${name}`);
    throw new WrongUsage(
      `${error instanceof Error ? error.message : String(error)}. There are ${names.join(' and ')}`,
    );
  }
}

/** A whole number from `least` on. Throws `WrongUsage` for anything else. */
export function wholeNumber(name: string, given: string, least: number): number {
  const number = Number(given);
  if (Number.isInteger(number) && number >= least) return number;
  throw new WrongUsage(`--${name} is a whole number from ${least} on, not ${given}`);
}
