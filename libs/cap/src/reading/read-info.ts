import { parseCircle, parsePolygon } from '../geometry/parse-shapes.js';
import { childElements, textOf, type XmlElement } from '../xml/tree.js';
import type {
  Area,
  BrokenShape,
  CapVersion,
  Circle,
  Info,
  LatLon,
  NamedValue,
  Resource,
  UnknownContent,
} from '../model/alert.js';
import { Fields, KNOWN } from './fields.js';

const LATER = [
  'effective',
  'onset',
  'expires',
  'senderName',
  'headline',
  'description',
  'instruction',
  'web',
  'contact',
] as const;

/** One info block and whatever in it is not CAP. */
export function readInfo(
  element: XmlElement,
  alert: XmlElement,
  version: CapVersion,
): { info: Info; unknown: readonly UnknownContent[] } {
  const fields = new Fields(element, alert);
  const named = (local: string) => fields.elements(local).map((each) => readNamedValue(each, version));
  const resources = fields.elements('resource').map((each) => readResource(each, alert));
  const areas = fields.elements('area').map((each) => readArea(each, alert, version));
  const categories = fields.texts('category');
  const info: Info = {
    language: fields.text('language') || 'en-US',
    // CAP 1.0 may leave `category` out; 1.2 has a word for that.
    categories: version === '1.0' && categories.length === 0 ? ['Other'] : categories,
    event: fields.text('event') ?? '',
    responseTypes: fields.texts('responseType'),
    urgency: fields.text('urgency') ?? '',
    severity: fields.text('severity') ?? '',
    certainty: certaintyOf(fields.text('certainty') ?? ''),
    ...fields.optional('audience'),
    eventCodes: named('eventCode'),
    ...fields.optional(...LATER),
    parameters: named('parameter'),
    resources: resources.map((each) => each.resource),
    areas: areas.map((each) => each.area),
  };
  const inside = [...resources, ...areas].flatMap((each) => each.unknown);
  return { info, unknown: [...fields.unknown(KNOWN.info), ...inside] };
}

/** "Very Likely" was CAP 1.0's; 1.2 §3.2.2 reads it as Likely. */
const certaintyOf = (text: string): string => (text === 'Very Likely' ? 'Likely' : text);

function readResource(
  element: XmlElement,
  alert: XmlElement,
): { resource: Resource; unknown: UnknownContent[] } {
  const fields = new Fields(element, alert);
  const size = fields.text('size');
  const resource: Resource = {
    resourceDesc: fields.text('resourceDesc') ?? '',
    // CAP 1.0 may leave `mimeType` out; these are then bytes of no known kind (RFC 2046 §4.5.1).
    mimeType: fields.text('mimeType') || 'application/octet-stream',
    ...(size !== undefined && /^[+-]?\d{1,15}$/.test(size) ? { size: Number(size) } : {}),
    ...fields.optional('uri', 'derefUri', 'digest'),
  };
  return { resource, unknown: fields.unknown(KNOWN.resource) };
}

function readArea(
  element: XmlElement,
  alert: XmlElement,
  version: CapVersion,
): { area: Area; unknown: UnknownContent[] } {
  const fields = new Fields(element, alert);
  const polygons: (readonly LatLon[])[] = [];
  const circles: Circle[] = [];
  const broken: BrokenShape[] = [];
  for (const each of fields.elements('polygon')) {
    const text = textOf(each);
    const parsed = parsePolygon(text);
    if ('points' in parsed) polygons.push(parsed.points);
    else broken.push({ shape: 'polygon', text: text.trim(), wrong: parsed.wrong });
  }
  for (const each of fields.elements('circle')) {
    const text = textOf(each);
    const parsed = parseCircle(text);
    if ('circle' in parsed) circles.push(parsed.circle);
    else broken.push({ shape: 'circle', text: text.trim(), wrong: parsed.wrong });
  }
  const area: Area = {
    areaDesc: fields.text('areaDesc') ?? '',
    polygons,
    circles,
    broken,
    geocodes: fields.elements('geocode').map((each) => readNamedValue(each, version)),
    ...feet('altitude', fields.text('altitude')),
    ...feet('ceiling', fields.text('ceiling')),
  };
  return { area, unknown: fields.unknown(KNOWN.area) };
}

function feet<Name extends string>(name: Name, text: string | undefined): { [K in Name]?: number } {
  const known = text !== undefined && /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(text);
  return (known ? { [name]: Number(text) } : {}) as { [K in Name]?: number };
}

/** `eventCode`, `parameter` and `geocode`: two elements since CAP 1.1, `name=value` in 1.0. */
function readNamedValue(element: XmlElement, version: CapVersion): NamedValue {
  const parts = childElements(element);
  const part = (local: string): string =>
    textOf(parts.find((each) => each.local === local) ?? element).trim();
  if (parts.length > 0) {
    return {
      valueName: parts.some((each) => each.local === 'valueName') ? part('valueName') : '',
      value: parts.some((each) => each.local === 'value') ? part('value') : '',
    };
  }
  const text = textOf(element).trim();
  const cut = version === '1.0' ? text.indexOf('=') : -1;
  return cut === -1
    ? { valueName: '', value: text }
    : { valueName: text.slice(0, cut).trim(), value: text.slice(cut + 1).trim() };
}
