import type { Channel, ComposedText, Mode, WarningIssued } from '#contracts';
import { areaHash, contentHash, textHash, type Approvable } from '#runtime';

type Raw = Readonly<Record<string, unknown>>;

/**
 * Why this version must not be sent, in plain words, or undefined when it is what was approved (DESIGN §3 P4). `raw` is
 * the JSON as received, before any schema: a field that this build does not know was approved as well.
 */
export function notWhatWasApproved(
  raw: Raw,
  event: WarningIssued,
  here: { mode: Mode; channel: Channel },
): string | undefined {
  if (event.mode !== here.mode)
    return `it belongs to the world ${event.mode}, and this service runs in ${here.mode}`;
  const content = raw['content'] as Raw;
  if (contentHash({ ...(raw as unknown as Approvable), content }) !== raw['contentHash'])
    return 'its content is not what was approved: the content hash differs';
  if (areaHash(content['area']) !== raw['areaHash'])
    return 'its area is not what was approved: the area hash differs';
  const changed = event.composed.find((text) => text.channel === here.channel && !textIsApproved(text));
  if (changed !== undefined)
    return `a text in ${changed.language} is not what was approved: its hash differs`;
  return undefined;
}

/** Whether every part, and the subject where there is one, has the hash that was approved with it. */
export function textIsApproved(text: ComposedText): boolean {
  const parts = text.parts.every((part) => textHash(part.text) === part.sha256);
  return parts && (text.subject === undefined || textHash(text.subject) === text.subjectSha256);
}
