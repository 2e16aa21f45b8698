import type { ListRecipient, Sending } from '#channel';
import type { DeliveryId } from '#contracts';
import type { MailTokens } from '../return-path/mail-tokens.js';
import { htmlBody } from './html-body.js';

/** Who sends, and where answers go. */
export type MailIdentity = {
  from: { name: string; address: string };
  /** The right side of Message-ID and List-Id. */
  domain: string;
  publicUrl: string;
};

/** One mail, ready for the relay. Nothing in it was decided here: subject and text are the approved ones. */
export type Mail = {
  envelope: { from: string; to: string };
  messageId: string;
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
};

const UNSUBSCRIBE: Readonly<Record<string, string>> = {
  'en-GB': 'Stop these warnings',
  'cy-GB': 'Rhoi’r gorau i’r rhybuddion hyn',
};

/** The Message-ID of a delivery: the same at every attempt, so that a repeat can be recognised. */
export const messageIdOf = (deliveryId: DeliveryId, domain: string): string => `<${deliveryId}@${domain}>`;

/** The mail of one recipient, with every header of CHANNELS §F.4. */
export function composeMail(
  recipient: ListRecipient,
  sending: Sending,
  { from, domain, publicUrl }: MailIdentity,
  tokens: MailTokens,
): Mail {
  const { deliveryId, subscriberId, text, answers } = recipient;
  const [part] = text.parts;
  const subject = text.subject ?? '';
  const url = `${publicUrl.replace(/\/$/, '')}/v1/unsubscribe/${tokens.unsubscribeToken(subscriberId)}`;
  const label = UNSUBSCRIBE[text.language] ?? UNSUBSCRIBE['en-GB'] ?? '';
  const isUrgent = sending.severity === 'Severe' || sending.severity === 'Extreme';
  const thread = answers === null ? undefined : messageIdOf(answers, domain);
  return {
    envelope: { from: tokens.returnPath(deliveryId), to: recipient.address },
    messageId: messageIdOf(deliveryId, domain),
    subject,
    text: `${part?.text ?? ''}\n\n-- \n${label}: ${url}\n`,
    html: htmlBody(part?.text ?? '', { language: text.language, subject, footer: { label, url } }),
    headers: {
      'Auto-Submitted': 'auto-generated', // RFC 3834 §5
      Precedence: 'bulk', // silences holiday replies of older servers
      'List-Id': `${from.name.replaceAll(/[<>"\r\n]/g, '')} <warnings.${domain}>`, // RFC 2919
      'List-Unsubscribe': `<${url}>, <mailto:${tokens.stopAddress(subscriberId)}?subject=unsubscribe>`, // RFC 2369: one header
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click', // RFC 8058 §3.1
      'Content-Language': text.language,
      'X-Warning-Id': sending.warningId,
      ...(isUrgent ? { Importance: 'high' } : {}),
      ...(sending.mode === 'exercise' ? { 'X-Larum-Mode': 'exercise' } : {}),
      ...(thread === undefined ? {} : { 'In-Reply-To': thread, References: thread }),
    },
  };
}
