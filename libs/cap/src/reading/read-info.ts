import { parseCircle } from '../geometry/parse-shapes.js';
import type { PolygonTexts } from '../geometry/polygon-texts.js';
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
import type { PolygonForm, WrittenInfo } from '../model/written.js';
import { Fields, KNOWN } from './fields.js';

/** What all info blocks of an alert are read with; what is not CAP goes to `unknown`. */
export type InfoScene = {
  readonly alert: XmlElement;
  readonly version: CapVersion;
  readonly unknown: UnknownContent[];
  readonly polygons: PolygonTexts;
};

const OPTIONAL = [
  'audience',
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

/** One info block, and how it is written. */
export function readInfo(element: XmlElement, scene: InfoScene): { info: Info; written: WrittenInfo } {
  const fields = new Fields(element, scene.alert);
  fields.unknown(KNOWN.info, scene.unknown);
  const language = fields.text('language') ?? '';
  const categories = fields.texts('category');
  const resources = fields.elements('resource').map((each) => readResource(each, scene));
  const forms: PolygonForm[][] = [];
  const areas = fields.elements('area').map((each) => readArea(each, scene, forms));
  const info: { -readonly [Key in keyof Info]: Info[Key] } = {
    language: language === '' ? 'en-US' : language,
    // CAP 1.0 may leave `category` out; 1.2 has a word for that.
    categories: scene.version === '1.0' && categories.length === 0 ? ['Other'] : categories,
    event: fields.text('event') ?? '',
    responseTypes: fields.texts('responseType'),
    urgency: fields.text('urgency') ?? '',
    severity: fields.text('severity') ?? '',
    certainty: certaintyOf(fields.text('certainty') ?? ''),
    eventCodes: namedValues(fields, 'eventCode', scene),
    parameters: namedValues(fields, 'parameter', scene),
    resources,
    areas,
  };
  fields.optional(info, ...OPTIONAL);
  return { info, written: { hasLanguage: language !== '', areas: forms } };
}

/** "Very Likely" was CAP 1.0's; 1.2 §3.2.2 reads it as Likely. */
const certaintyOf = (text: string): string => (text === 'Very Likely' ? 'Likely' : text);

function readResource(element: XmlElement, { alert, unknown }: InfoScene): Resource {
  const fields = new Fields(element, alert);
  fields.unknown(KNOWN.resource, unknown);
  const mimeType = fields.text('mimeType') ?? '';
  const resource: { -readonly [Key in keyof Resource]: Resource[Key] } = {
    resourceDesc: fields.text('resourceDesc') ?? '',
    // CAP 1.0 may leave `mimeType` out; these are then bytes of no known kind (RFC 2046 §4.5.1).
    mimeType: mimeType === '' ? 'application/octet-stream' : mimeType,
  };
  const size = fields.text('size');
  if (size !== undefined && /^[+-]?\d{1,15}$/.test(size)) resource.size = Number(size);
  fields.optional(resource, 'uri', 'derefUri', 'digest');
  return resource;
}

function readArea(element: XmlElement, scene: InfoScene, forms: PolygonForm[][]): Area {
  const fields = new Fields(element, scene.alert);
  fields.unknown(KNOWN.area, scene.unknown);
  const polygons: (readonly LatLon[])[] = [];
  const circles: Circle[] = [];
  const broken: BrokenShape[] = [];
  const own: PolygonForm[] = [];
  for (const each of fields.elements('polygon')) {
    const parsed = scene.polygons.read(each);
    own.push('points' in parsed ? parsed.form : 'broken');
    if ('points' in parsed) polygons.push(parsed.points);
    else broken.push({ shape: 'polygon', text: textOf(each).trim(), wrong: parsed.wrong });
  }
  for (const each of fields.elements('circle')) {
    const text = textOf(each);
    const parsed = parseCircle(text);
    if ('circle' in parsed) circles.push(parsed.circle);
    else broken.push({ shape: 'circle', text: text.trim(), wrong: parsed.wrong });
  }
  forms.push(own);
  const area: { -readonly [Key in keyof Area]: Area[Key] } = {
    areaDesc: fields.text('areaDesc') ?? '',
    polygons,
    circles,
    broken,
    geocodes: namedValues(fields, 'geocode', scene),
  };
  const altitude = feet(fields.text('altitude'));
  if (altitude !== undefined) area.altitude = altitude;
  const ceiling = feet(fields.text('ceiling'));
  if (ceiling !== undefined) area.ceiling = ceiling;
  return area;
}

function feet(text: string | undefined): number | undefined {
  const known = text !== undefined && /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(text);
  return known ? Number(text) : undefined;
}

const namedValues = (fields: Fields, local: string, { version }: InfoScene): NamedValue[] =>
  fields.elements(local).map((each) => readNamedValue(each, version));

/** `eventCode`, `parameter` and `geocode`: two elements since CAP 1.1, `name=value` in 1.0. */
function readNamedValue(element: XmlElement, version: CapVersion): NamedValue {
  const parts = childElements(element);
  if (parts.length > 0) {
    const part = (local: string): string => {
      const found = parts.find((each) => each.local === local);
      return found === undefined ? '' : textOf(found).trim();
    };
    return { valueName: part('valueName'), value: part('value') };
  }
  const text = textOf(element).trim();
  const cut = version === '1.0' ? text.indexOf('=') : -1;
  return cut === -1
    ? { valueName: '', value: text }
    : { valueName: text.slice(0, cut).trim(), value: text.slice(cut + 1).trim() };
}
