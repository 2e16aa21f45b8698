import { parseReferences } from '../references/parse-references.js';
import { parseQuotedList } from '../references/quoted-list.js';
import type { XmlElement } from '../xml/tree.js';
import { type Alert, versionOf, WORDS } from '../model/alert.js';
import { Fields, KNOWN } from './fields.js';
import { readInfo } from './read-info.js';

/** An alert element and what it says, in the words of CAP 1.2; never fails: what is missing or wrong, the findings name. */
export function readAlert(element: XmlElement): Alert {
  const version = versionOf(element.namespace) ?? '1.2';
  const fields = new Fields(element, element);
  const alert = {
    version,
    identifier: fields.text('identifier') ?? '',
    sender: fields.text('sender') ?? '',
    sent: fields.text('sent') ?? '',
    status: fields.text('status') ?? '',
    msgType: fields.text('msgType') ?? '',
    ...fields.optional('source'),
    scope: fields.text('scope') ?? '',
    ...fields.optional('restriction'),
    addresses: parseQuotedList(fields.text('addresses') ?? ''),
    codes: fields.texts('code'),
    ...fields.optional('note'),
  };
  const { references, broken } = parseReferences(fields.text('references') ?? '');
  const incidents = parseQuotedList(fields.text('incidents') ?? '');
  const infos = fields.elements('info').map((info) => readInfo(info, element, version));
  const read = infos.map((each) => each.info);
  const unknown = [...fields.unknown(KNOWN.alert), ...infos.flatMap((each) => each.unknown)];
  const whole = { ...alert, references, brokenReferences: broken, incidents, infos: read, unknown };
  return version === '1.0' ? { ...whole, scope: scopeOf(whole) } : whole;
}

/** CAP 1.0 may leave `scope` out. A restriction or addressees say more than silence; without either it is public. */
function scopeOf(alert: Pick<Alert, 'scope' | 'restriction' | 'addresses'>): string {
  if (alert.scope !== '') return alert.scope;
  if (alert.restriction !== undefined) return 'Restricted';
  return alert.addresses.length > 0 ? 'Private' : 'Public';
}

/** Only these five mean anything (CAP 1.2 §3.2.1). */
export type MsgType = (typeof WORDS.msgType)[number];

/** The message's type, or undefined: an alert whose type nobody knows is shown to a person and never acted on. */
export function msgTypeOf(alert: Alert): MsgType | undefined {
  return WORDS.msgType.find((each) => each === alert.msgType);
}
