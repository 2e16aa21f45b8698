import type { Alert, Area, Info } from '../model/alert.js';

/** A triangle at Wainfleet All Saints. */
export const anArea = (over: Partial<Area> = {}): Area => ({
  areaDesc: 'Wainfleet All Saints',
  polygons: [
    [
      [53.1, 0.2],
      [53.1, 0.3],
      [53.2, 0.3],
      [53.1, 0.2],
    ],
  ],
  circles: [],
  broken: [],
  geocodes: [{ valueName: 'TargetAreaCode', value: '053FWFSTEEP4' }],
  ...over,
});

/** A flood, in English. */
export const anInfo = (over: Partial<Info> = {}): Info => ({
  language: 'en-GB',
  categories: ['Met'],
  event: 'Flood',
  responseTypes: ['Evacuate'],
  urgency: 'Immediate',
  severity: 'Severe',
  certainty: 'Likely',
  eventCodes: [],
  effective: '2026-11-21T09:30:00-00:00',
  expires: '2026-11-22T09:30:00-00:00',
  senderName: 'Environment Agency',
  headline: 'Severe flood warning for Wainfleet',
  description: 'The Steeping is rising and will top its banks tonight.',
  instruction: 'Go upstairs and take your medicines.',
  web: 'https://example.org/flood',
  contact: '0345 988 1188',
  parameters: [],
  resources: [],
  areas: [anArea()],
  ...over,
});

/** A first alert of an exercise, written by ann. */
export const anAlert = (over: Partial<Alert> = {}): Alert => ({
  version: '1.2',
  identifier: 'FLOOD-1',
  sender: 'ea@example.org',
  sent: '2026-11-21T09:30:00-00:00',
  status: 'Exercise',
  msgType: 'Alert',
  scope: 'Public',
  addresses: [],
  codes: [],
  references: [],
  brokenReferences: [],
  incidents: [],
  infos: [anInfo()],
  unknown: [],
  ...over,
});

/** CAP 1.2 as text, with parts replaced: each key is the name of an element, each value what stands there instead (tags and all). */
export function capText(parts: Readonly<Record<string, string>> = {}): string {
  const head: readonly (readonly [string, string])[] = [
    ['identifier', 'FLOOD-1'],
    ['sender', 'ea@example.org'],
    ['sent', '2026-11-21T09:30:00-00:00'],
    ['status', 'Actual'],
    ['msgType', 'Alert'],
    ['source', ''],
    ['scope', 'Public'],
    ['restriction', ''],
    ['addresses', ''],
    ['code', ''],
    ['references', ''],
    ['incidents', ''],
  ];
  const info: readonly (readonly [string, string])[] = [
    ['language', 'en-GB'],
    ['category', 'Met'],
    ['event', 'Flood'],
    ['urgency', 'Immediate'],
    ['severity', 'Severe'],
    ['certainty', 'Likely'],
    ['effective', ''],
    ['onset', ''],
    ['expires', '2026-11-22T09:30:00-00:00'],
    ['headline', ''],
    ['description', 'The Steeping is rising.'],
    ['web', ''],
    ['resource', ''],
  ];
  const area: readonly (readonly [string, string])[] = [
    ['areaDesc', 'Wainfleet'],
    ['polygon', '53.1,0.2 53.1,0.3 53.2,0.3 53.1,0.2'],
    ['circle', ''],
    ['geocode', ''],
    ['altitude', ''],
    ['ceiling', ''],
  ];
  const write = (list: readonly (readonly [string, string])[]): string =>
    list.map(([name, text]) => parts[name] ?? (text === '' ? '' : `<${name}>${text}</${name}>`)).join('');
  const areaText = parts['area'] ?? `<area>${write(area)}</area>`;
  const infoText = parts['info'] ?? `<info>${write(info)}${areaText}</info>`;
  return `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">${write(head)}${infoText}${parts['tail'] ?? ''}</alert>`;
}
