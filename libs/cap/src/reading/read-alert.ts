import { PolygonTexts } from '../geometry/polygon-texts.js';
import { parseReferences } from '../references/parse-references.js';
import { parseQuotedList } from '../references/quoted-list.js';
import type { XmlElement } from '../xml/tree.js';
import { type Alert, type UnknownContent, versionOf, WORDS } from '../model/alert.js';
import type { WrittenInfo, Written } from '../model/written.js';
import { Fields, KNOWN } from './fields.js';
import { type InfoScene, readInfo } from './read-info.js';

/**
 * An alert element and what it says, in the words of CAP 1.2, and how that is written. `bytes` are those that the element was read
 * from. Never fails: what is missing or wrong, the findings name.
 */
export function readAlert(element: XmlElement, bytes: Buffer): { alert: Alert; written: Written } {
  const version = versionOf(element.namespace) ?? '1.2';
  const fields = new Fields(element, element);
  const unknown: UnknownContent[] = [];
  fields.unknown(KNOWN.alert, unknown);
  const scene: InfoScene = { alert: element, version, unknown, polygons: new PolygonTexts(bytes) };
  const infos: Alert['infos'][number][] = [];
  const writtenInfos: WrittenInfo[] = [];
  for (const each of fields.elements('info')) {
    const { info, written } = readInfo(each, scene);
    infos.push(info);
    writtenInfos.push(written);
  }
  const writtenReferences = fields.written('references');
  const writtenIncidents = fields.written('incidents');
  const named = parseReferences(writtenReferences ?? '');
  const alert: { -readonly [Key in keyof Alert]: Alert[Key] } = {
    version,
    identifier: fields.text('identifier') ?? '',
    sender: fields.text('sender') ?? '',
    sent: fields.text('sent') ?? '',
    status: fields.text('status') ?? '',
    msgType: fields.text('msgType') ?? '',
    scope: fields.text('scope') ?? '',
    addresses: parseQuotedList(fields.text('addresses') ?? ''),
    codes: fields.texts('code'),
    references: named.references,
    brokenReferences: named.broken,
    incidents: parseQuotedList(writtenIncidents ?? ''),
    infos,
    unknown,
  };
  fields.optional(alert, 'source', 'restriction', 'note');
  if (version === '1.0') alert.scope = scopeOf(alert);
  const written: Written = {
    references: writtenReferences === undefined ? undefined : named,
    incidents: writtenIncidents,
    signatureEarly: fields.signatureEarly(),
    infos: writtenInfos,
  };
  return { alert, written };
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
