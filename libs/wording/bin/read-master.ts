import { z } from 'zod';
import { Instant, MessageKind, Mode, Severity, WarningKind, WarningText } from '#contracts';
import type { Variant } from '#contracts';
import type { ComposeRequest, LintMaster } from '#wording';

const MasterText = WarningText.extend({ correction: z.string().optional(), resolved: z.string().optional() });

/** A master as a file: a warning's words in every language, with what stands beside them. */
const MasterFile = z.strictObject({
  mode: Mode.default('live'),
  kind: WarningKind.default('warning'),
  message: z.enum([...MessageKind.options, 'cancel']).default('first'),
  severity: Severity.optional(),
  version: z.number().int().min(1).default(1),
  variant: z.enum(['first', 'thread', 'alone']).optional(),
  texts: z.record(z.string(), MasterText.partial()),
  link: z.string().optional(),
  contact: z.string().optional(),
  effectiveAt: Instant.optional(),
  expiresAt: Instant.optional(),
  nextUpdateAt: Instant.optional(),
  /** Hosts that its links may lead to, beside the usual ones. */
  allowedHosts: z.array(z.string()).default([]),
  /** Rules whose findings somebody has looked at and accepts. */
  annotated: z.array(z.string()).default([]),
});
export type MasterFile = z.infer<typeof MasterFile>;

/** What is wrong with a master file, a line for each mistake. */
export class MasterUnreadable extends Error {
  override readonly name = 'MasterUnreadable';
}

/** Reads a master; throws `MasterUnreadable` listing every mistake. */
export function readMaster(json: string): MasterFile {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new MasterUnreadable('the master is not JSON; libs/wording/samples/masters has 49 to begin from');
  }
  const read = MasterFile.safeParse(value);
  if (read.success) return read.data;
  throw new MasterUnreadable(`the master is wrong:\n${z.prettifyError(read.error)}`);
}

/** The request for one platform and language of a master, or what it lacks for that. */
export function requestOf(master: MasterFile, language: string, platform: string): ComposeRequest | string {
  const whole = MasterText.safeParse(master.texts[language]);
  if (!whole.success) {
    const fields = new Set(whole.error.issues.map(({ path }) => path.join('.')));
    return `the text in ${language} is not complete: write ${[...fields].join(', ')}`;
  }
  if (master.expiresAt === undefined) return 'it does not say until when it holds: write expiresAt';
  const variant: Variant =
    master.variant ?? (['first', 'holding', 'rumour-rebuttal'].includes(master.message) ? 'first' : 'alone');
  const { mode, kind, message, version, link, contact, expiresAt, nextUpdateAt } = master;
  return {
    platform,
    language,
    mode,
    kind,
    message,
    variant,
    version,
    text: whole.data,
    link,
    contact,
    expiresAt,
    nextUpdateAt,
  };
}

/** The master as the checks take it. */
export function lintMasterOf(master: MasterFile): LintMaster {
  const { mode, kind, message, severity, texts, link, contact, effectiveAt, expiresAt, nextUpdateAt } =
    master;
  return { mode, kind, message, severity, texts, link, contact, effectiveAt, expiresAt, nextUpdateAt };
}
