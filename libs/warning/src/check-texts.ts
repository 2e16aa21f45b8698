import type { ComposedText, WarningContent } from '#contracts';
import { WarningRefused } from './refused.js';

/**
 * Refuses a submission that could not be sent, or not be withdrawn, as it stands: no text at all, a channel that was
 * chosen and has none, or an account and language whose cancel text would have to be written under stress.
 */
export function checkTexts(content: WarningContent, composed: readonly ComposedText[]): void {
  const issue = composed.filter(({ act }) => act === 'issue');
  if (issue.length === 0) throw new WarningRefused('nothing-to-send');
  const silent = content.channels.filter((channel) => !issue.some((text) => text.channel === channel));
  if (silent.length > 0) throw new WarningRefused('channel-without-text', silent);
  const place = ({ accountId, language }: ComposedText) => `${accountId} in ${language}`;
  const cancels = new Set(composed.filter(({ act }) => act === 'cancel').map(place));
  const open = [...new Set(issue.map(place))].filter((where) => !cancels.has(where));
  if (open.length > 0) throw new WarningRefused('cancel-text-missing', open);
}
