import { msgTypeOf, readCap, type Alert } from '#cap';
import type { Mode } from '#contracts';
import { sha256Hex } from '#runtime';
import type { Origin } from '#warning';
import { problem } from '../problems/problem-table.js';

/** An alert that may be taken in, with its bytes as they came. */
export type Taken = { alert: Alert; msgType: 'Alert' | 'Update' | 'Cancel'; bytes: Uint8Array };

const UNREADABLE: readonly string[] = ['empty', 'encoding', 'not-well-formed'];
/** Sender and identifier together, in bytes: an index of PostgreSQL takes 2,704 of them. Real ones have some hundred. */
const MOST_NAME_BYTES = 2_000;
/** More findings than this tell a sender nothing new. */
const MOST_FINDINGS = 50;

/**
 * The one alert in these bytes. Throws a `Problem`: `not-xml`, `unsafe-xml`, `not-cap` with the findings, `not-a-warning`
 * for tests, system messages, acknowledgements and unknown kinds, and `alert-of-the-other-world` for an exercise in live.
 */
export function readAlert(bytes: Uint8Array, mode: Mode): Taken {
  const { refused, alerts } = readCap(bytes, { lenient: true });
  if (refused !== undefined) {
    const code = UNREADABLE.includes(refused.code)
      ? 'not-xml'
      : refused.code === 'not-cap'
        ? 'not-cap'
        : 'unsafe-xml';
    throw problem(code, `${refused.message} Nothing was recorded.`, { reason: refused.code });
  }
  const [reading] = alerts;
  if (reading === undefined || alerts.length > 1) {
    throw problem(
      'not-cap',
      `The document holds ${alerts.length} alerts; send one at a time. Nothing was recorded.`,
    );
  }
  const { alert, findings } = reading;
  if (Buffer.byteLength(alert.sender) + Buffer.byteLength(alert.identifier) > MOST_NAME_BYTES) {
    const detail = `Its sender and identifier have more than ${MOST_NAME_BYTES} bytes; give it a shorter name. Nothing was recorded.`;
    throw problem('not-cap', detail, { reason: 'name-too-long' });
  }
  const msgType = msgTypeOf(alert);
  if (msgType !== 'Alert' && msgType !== 'Update' && msgType !== 'Cancel') {
    throw problem('not-a-warning', `Its msgType is ${alert.msgType.slice(0, 40)}; nothing was recorded.`);
  }
  if (alert.status !== 'Actual' && alert.status !== 'Exercise') {
    throw problem('not-a-warning', `Its status is ${alert.status.slice(0, 40)}; nothing was recorded.`);
  }
  if (alert.status === 'Exercise' && mode === 'live') throw problem('alert-of-the-other-world');
  const rejected = findings.filter(({ level }) => level === 'reject');
  if (rejected.length > 0)
    throw problem('not-cap', undefined, { findings: rejected.slice(0, MOST_FINDINGS) });
  return { alert, msgType, bytes: reading.bytes };
}

/** Where a draft came from, with the partner's own words for the author to read; never sent as they are. */
export function originOf(alert: Alert, bytes: Uint8Array): Origin {
  const [info] = alert.infos;
  const { sender, identifier, sent, status } = alert;
  const words = {
    senderName: info?.senderName,
    headline: info?.headline,
    description: info?.description,
    instruction: info?.instruction,
  };
  const scope = inOneLine(alert.scope, 40);
  const restriction = inOneLine(alert.restriction ?? '', 500);
  return {
    sender,
    identifier,
    sent,
    status,
    scope,
    ...(restriction !== '' && { restriction }),
    sha256: sha256Hex(bytes),
    words: present(words),
  };
}

/** Whether its words were written for everybody (CAP 1.2 §3.2.1 scope): whatever is not plainly Public was written for a few. */
export const isPublic = ({ scope }: Alert): boolean => scope === 'Public';

/** What its sender is told of an alert that is not public. */
export const notPublic = ({ scope }: Alert): string =>
  `Its scope is ${inOneLine(scope, 40) || 'empty'}, so it is not for the public: its texts, link and contact are left out, and an officer writes what the public reads.`;

/** XML allows line ends and control characters, which have no place in one line. */
const inOneLine = (text: string, most: number) =>
  text
    .replaceAll(/[\s\u007f-\u009f]+/g, ' ')
    .trim()
    .slice(0, most)
    .toWellFormed();

const present = (words: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(words).filter(([, text]) => text !== undefined && text.trim() !== ''));
