import type { Expected } from '#channel';
import type { ComposedText, DeliveryId, IncidentId } from '#contracts';
import { htmlBody } from './html-body.js';

/** Who sends, and where answers go. */
export type MailIdentity = {
  from: { name: string; address: string };
  /** The right side of Message-ID and List-Id. */
  domain: string;
  publicUrl: string;
  /** Where returned mails and mails to the unsubscribe address go. */
  bounceDomain: string;
};

/** Everything in a mail that differs from person to person. Nothing of it was approved, and nothing of it is in the approved text. */
export type Personal = {
  to: string;
  deliveryId: DeliveryId;
  /** The first mail of this warning that this person got. */
  answers: DeliveryId | null;
  /** 48 hex digits: who may stop the warnings with it. */
  unsubscribeToken: string;
  /** RFC 5322 §3.3. */
  date: string;
};

/** One mail, ready to be formed. Nothing in it was decided here: subject and text are the approved ones. */
export type Mail = {
  from: { name: string; address: string };
  to: string;
  date: string;
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

/** What stands between the approved text and the line that is the recipient's own: the sign of a signature (RFC 3676 §4.3). */
export const BELOW_THE_TEXT = '\n\n-- \n';

/**
 * The Message-ID of a delivery: the same at every attempt, so that a repeat can be recognised. That of an incident is no mail's: each mail
 * of the incident refers to it, and mail programs show those together that refer to the same (RFC 5322 §3.6.4).
 */
export const messageIdOf = (id: DeliveryId | IncidentId, domain: string): string => `<${id}@${domain}>`;

/** The mail of one person, with every header of CHANNELS §F.4. */
export function composeMail(
  text: ComposedText,
  sending: Expected,
  { from, domain, publicUrl, bounceDomain }: MailIdentity,
  { to, deliveryId, answers, unsubscribeToken, date }: Personal,
): Mail {
  const [part] = text.parts;
  const subject = text.subject ?? '';
  const url = `${publicUrl.replace(/\/$/, '')}/v1/unsubscribe/${unsubscribeToken}`;
  const label = UNSUBSCRIBE[text.language] ?? UNSUBSCRIBE['en-GB'] ?? '';
  const isUrgent = sending.severity === 'Severe' || sending.severity === 'Extreme';
  const incident = messageIdOf(sending.incidentId, domain);
  const first = answers === null ? undefined : messageIdOf(answers, domain);
  return {
    from,
    to,
    date,
    messageId: messageIdOf(deliveryId, domain),
    subject,
    text: `${part?.text ?? ''}${BELOW_THE_TEXT}${label}: ${url}\n`,
    html: htmlBody(part?.text ?? '', { language: text.language, subject, footer: { label, url } }),
    headers: {
      'Auto-Submitted': 'auto-generated', // RFC 3834 §5
      Precedence: 'bulk', // silences holiday replies of older servers
      'List-Id': `${from.name.replaceAll(/[<>"\r\n]/g, '')} <warnings.${domain}>`, // RFC 2919
      'List-Unsubscribe': `<${url}>, <mailto:u+${unsubscribeToken}@${bounceDomain}?subject=unsubscribe>`, // RFC 2369: one header
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click', // RFC 8058 §3.1
      'Content-Language': text.language,
      'X-Warning-Id': sending.warningId,
      ...(isUrgent ? { Importance: 'high' } : {}),
      ...(sending.mode === 'exercise' ? { 'X-Larum-Mode': 'exercise' } : {}),
      ...(first === undefined
        ? { References: incident }
        : { 'In-Reply-To': first, References: `${incident} ${first}` }),
    },
  };
}
