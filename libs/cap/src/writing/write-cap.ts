import {
  type Alert,
  type Area,
  type Info,
  type NamedValue,
  NAMESPACES,
  type Resource,
} from '../model/alert.js';
import { capDateTime, instantOf } from '../model/instant.js';
import { readCap } from '../reading/read-cap.js';
import { writeQuotedList } from '../references/quoted-list.js';
import type { Finding } from '../checks/finding.js';
import { capDateTimeType } from '../datatypes/simple-types.js';
import { decimalText, escapeXml } from './xml-text.js';

/** The alert cannot be said in CAP 1.2: `findings` name every reason. Nothing is written; correct the alert and write again. */
export class CapNotWritable extends Error {
  override readonly name = 'CapNotWritable';

  constructor(
    readonly findings: readonly Finding[],
    why: string,
  ) {
    super(`the alert cannot be written as CAP 1.2: ${why}`);
  }
}

/** How an alert is written. */
export type WriteOptions = {
  /** Adds the IPAWS profile's mark, `code` IPAWSv1.0 (OASIS IPAWS profile 1.0). Whether the alert keeps that profile, `profileFindings` says. */
  readonly ipaws?: boolean;
};

/**
 * Writes CAP 1.2 that the official schema accepts: UTF-8 without a byte-order mark, the same bytes for the same alert, date-times
 * that CAP does not allow (`Z`, fractions) turned into UTC. What came in as 1.0 or 1.1 goes out raised. Unknown content and
 * signatures of an alert that was read do not go out: CAP has no place for the former, and the latter cover other bytes.
 * Throws `CapNotWritable`.
 */
export function writeCap(alert: Alert, options: WriteOptions = {}): string {
  const out = new Writer();
  out.raw('<?xml version="1.0" encoding="UTF-8"?>\n');
  out.raw(`<alert xmlns="${NAMESPACES['1.2']}">\n`);
  out.text('identifier', alert.identifier);
  out.text('sender', alert.sender);
  out.time('sent', alert.sent);
  out.text('status', alert.status);
  out.text('msgType', alert.msgType);
  out.text('source', alert.source);
  out.text('scope', alert.scope);
  out.text('restriction', alert.restriction);
  if (alert.addresses.length > 0) out.text('addresses', writeQuotedList(alert.addresses));
  const marked = options.ipaws === true && !alert.codes.includes('IPAWSv1.0');
  for (const code of marked ? ['IPAWSv1.0', ...alert.codes] : alert.codes) out.text('code', code);
  out.text('note', alert.note);
  const references = [...alert.references.map(writeReference), ...alert.brokenReferences];
  if (references.length > 0) out.text('references', references.join(' '));
  if (alert.incidents.length > 0) out.text('incidents', writeQuotedList(alert.incidents));
  for (const info of alert.infos) out.group('info', () => writeInfo(info, out));
  out.raw('</alert>\n');
  return checkedOutput(out.all());
}

/** `sender,identifier,sent`; the older `identifier/sender` where no time is known. */
export function writeReference({ sender, identifier, sent }: Alert['references'][number]): string {
  return sent === '' ? `${identifier}/${sender}` : `${sender},${identifier},${sent}`;
}

function checkedOutput(xml: string): string {
  const reading = readCap(Buffer.from(xml, 'utf8'), { schemaOnly: true });
  const [written] = reading.alerts;
  if (reading.refused !== undefined) throw new CapNotWritable([], reading.refused.message);
  if (written?.valid === true) return xml;
  const findings = written?.findings ?? [];
  throw new CapNotWritable(findings, findings.map((each) => each.message).join(' '));
}

function writeInfo(info: Info, out: Writer): void {
  out.text('language', info.language);
  for (const each of info.categories) out.text('category', each);
  out.text('event', info.event);
  for (const each of info.responseTypes) out.text('responseType', each);
  out.text('urgency', info.urgency);
  out.text('severity', info.severity);
  out.text('certainty', info.certainty);
  out.text('audience', info.audience);
  for (const each of info.eventCodes) out.pair('eventCode', each);
  out.time('effective', info.effective);
  out.time('onset', info.onset);
  out.time('expires', info.expires);
  out.text('senderName', info.senderName);
  out.text('headline', info.headline);
  out.text('description', info.description);
  out.text('instruction', info.instruction);
  out.text('web', info.web);
  out.text('contact', info.contact);
  for (const each of info.parameters) out.pair('parameter', each);
  for (const each of info.resources) out.group('resource', () => writeResource(each, out));
  for (const each of info.areas) out.group('area', () => writeArea(each, out));
}

function writeResource(resource: Resource, out: Writer): void {
  out.text('resourceDesc', resource.resourceDesc);
  out.text('mimeType', resource.mimeType);
  out.text('size', resource.size === undefined ? undefined : decimalText(resource.size));
  out.text('uri', resource.uri);
  out.text('derefUri', resource.derefUri);
  out.text('digest', resource.digest);
}

function writeArea(area: Area, out: Writer): void {
  const pair = ([latitude, longitude]: readonly [number, number]): string =>
    `${decimalText(latitude)},${decimalText(longitude)}`;
  const broken = (shape: string): void => {
    for (const each of area.broken) if (each.shape === shape) out.text(shape, each.text);
  };
  out.text('areaDesc', area.areaDesc);
  for (const ring of area.polygons) out.text('polygon', ring.map(pair).join(' '));
  broken('polygon');
  for (const { centre, radiusKm } of area.circles)
    out.text('circle', `${pair(centre)} ${decimalText(radiusKm)}`);
  broken('circle');
  for (const each of area.geocodes) out.pair('geocode', each);
  out.text('altitude', area.altitude === undefined ? undefined : decimalText(area.altitude));
  out.text('ceiling', area.ceiling === undefined ? undefined : decimalText(area.ceiling));
}

class Writer {
  private readonly out: string[] = [];
  private indent = '  ';

  raw(text: string): void {
    this.out.push(text);
  }

  text(name: string, text: string | undefined): void {
    if (text !== undefined) this.out.push(this.indent, '<', name, '>', escapeXml(text), '</', name, '>\n');
  }

  /** As it is where CAP allows it, else the same moment in the one form that CAP has; what names no moment is left for the schema to name. */
  time(name: string, text: string | undefined): void {
    const ms = text === undefined || capDateTimeType(text) === undefined ? undefined : instantOf(text);
    this.text(name, ms === undefined ? text : capDateTime(ms));
  }

  pair(name: string, { valueName, value }: NamedValue): void {
    this.group(name, () => {
      this.text('valueName', valueName);
      this.text('value', value);
    });
  }

  group(name: string, inside: () => void): void {
    const { indent } = this;
    this.out.push(indent, '<', name, '>\n');
    this.indent = `${indent}  `;
    inside();
    this.indent = indent;
    this.out.push(indent, '</', name, '>\n');
  }

  all(): string {
    return this.out.join('');
  }
}
