import { z } from 'zod';
import { plainWords } from './plain-words.js';

/** The process was told something wrong, or too little. An operator must correct the named keys; nothing was started. */
export class ConfigurationWrong extends Error {
  override readonly name = 'ConfigurationWrong';
  readonly forOperator = true;

  constructor(readonly mistakes: readonly { key: string; message: string }[]) {
    super(
      `configuration is wrong: ${mistakes.map(({ key, message }) => `✖ ${message} → at ${key}`).join(' ')}`,
    );
  }
}

/**
 * Reads the process's configuration once. An empty value counts as not set. Throws `ConfigurationWrong` with every
 * mistake at once, in plain words; values are never repeated in it, because some of them are secrets.
 */
export function readConfig<Schema extends z.ZodType>(
  schema: Schema,
  env: Readonly<Record<string, string | undefined>> = process.env,
): z.infer<Schema> {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const read = schema.safeParse(given, { reportInput: false, error: plainWords });
  if (read.success) return read.data;
  throw new ConfigurationWrong(
    read.error.issues.map((issue) => ({
      key: keyOf(issue.path),
      message: missing(issue, given) ? 'is not set' : issue.message,
    })),
  );
}

function missing(issue: z.core.$ZodIssue, given: Readonly<Record<string, unknown>>): boolean {
  return issue.path.length === 1 && !(String(issue.path[0]) in given);
}

function keyOf(path: readonly PropertyKey[]): string {
  const [key, ...rest] = path;
  if (key === undefined) return 'the configuration as a whole';
  return rest.reduce<string>(
    (name, step) => (typeof step === 'number' ? `${name}[${step}]` : `${name}.${String(step)}`),
    String(key),
  );
}
