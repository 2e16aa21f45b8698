import { canonicalXml } from '../../canonical/canonical-xml.js';
import { parseXml } from '../../xml/parse-xml.js';
import { openSource } from '../../intake/source.js';
import { childElements, DSIG, XmlElement } from '../../xml/tree.js';

/** Whole numbers below `most`, the same for the same seed. */
export type Random = (most: number) => number;

/** A small generator with a seed (mulberry32), so that every failure can be repeated. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return (most) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % most;
  };
}

/** Texts at which readers and schema processors part ways. */
const TEXTS: readonly string[] = (
  '¦ ¦Actual¦ Actual¦actual¦Draft¦System¦Public¦Alert¦Update\n¦Very Likely¦Observed¦CBRNE¦' +
  'AllClear¦Avoid¦None¦Geo¦Unknown¦Past¦en¦en-GB¦ en-GB ¦en-¦x-klingon¦i-default¦englishlang¦' +
  'de-1996¦12-en¦en_GB¦e¦2026-11-21T09:30:00-00:00¦2026-11-21T09:30:00Z¦2026-11-21T09:30:00¦' +
  '2026-11-21T09:30:00.25+01:00¦ 2026-11-21T09:30:00+01:00 ¦2026-02-29T09:30:00-00:00¦' +
  '2024-02-29T09:30:00-00:00¦2026-11-21T24:00:00-00:00¦2026-11-21T24:00:01-00:00¦' +
  '2026-11-21T09:60:00-00:00¦2026-11-21T09:30:60-00:00¦2026-11-21T09:30:00,00:00¦' +
  '2026-11-21T09:30:00+14:00¦2026-11-21T09:30:00+14:01¦2026-11-21T09:30:00-13:59¦' +
  '0000-11-21T09:30:00-00:00¦-0044-03-15T09:30:00-00:00¦02026-11-21T09:30:00-00:00¦' +
  '12026-11-21T09:30:00Z¦2026-11-21¦2026-13-21T09:30:00-00:00¦2026-00-21T09:30:00-00:00¦' +
  '2026-04-31T09:30:00-00:00¦2026-11-21 09:30:00¦26-11-21T09:30:00Z¦2026-11-21t09:30:00-00:00¦' +
  '2026-11-21T09:30-00:00¦2026-11-21T09:30:00+0100¦2026-11-21T09:30:00+15:00¦2026-11-21T9:30:00Z¦' +
  '2026-11-21T09:30:00.-00:00¦2026-11-21T24:00:00.0-00:00¦2026-11-21T09:30:00z¦' +
  '2026-11-21T09:30:00+01¦-2026-11-21T09:30:00Z¦3¦ 3 ¦+3¦-3¦-0¦3.0¦.5¦5.¦.¦+¦¦1e3¦0x10¦٣¦1 2¦INF¦' +
  'NaN¦-.5¦+5.¦007¦- 3¦123456789012345678901234¦1234567890123456789012345¦' +
  '0000000000000000000000000003¦1.0000000000000000000000001¦http://example.org¦' +
  'http://example.org/ü¦http://exa mple.org¦http://example.org/%zz¦http://example.org/%20¦:¦%¦//¦' +
  '///¦://¦a:b¦1:b¦a/b:c¦http://[::1]/¦http://[::1¦http://u:p@h:80/¦http://h:80a/¦#a#b¦?a?b¦#¦' +
  'www.example.org¦http://¦http:///x¦mailto:a@b¦a b¦<a>¦a|b¦a\\b¦[a]¦http://h/[x]¦http://h/?[x]¦^¦' +
  'http://h:99999999999/¦http://a@b@c/¦http://h/a{b}¦tel:+44¦N/A¦"¦`¦http://h#[x]¦%E2%82¦' +
  "http://%41/¦@¦http://u@/¦http://:80/¦http://h:/¦http://h:-1/¦//h:1x¦x:¦x:?¦x://?#¦~¦'¦(¦;¦&¦=¦" +
  '$¦!¦*'
).split('¦');

const NAMES: readonly string[] = (
  'identifier¦sender¦sent¦status¦scope¦code¦note¦info¦language¦category¦event¦responseType¦' +
  'urgency¦expires¦area¦areaDesc¦polygon¦circle¦geocode¦valueName¦value¦resource¦uri¦password¦' +
  'altitude¦alert¦banner¦Info¦eventCode¦parameter¦derefUri¦web'
).split('¦');
const TYPES = [
  'xs:token',
  'xs:dateTime',
  'xs:language',
  'xs:int',
  'nope',
  ' xs:string',
  'xs:string ',
  'xs:a:b',
];
const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
const XML = 'http://www.w3.org/XML/1998/namespace';

/** Stand-ins for what canonical XML cannot write; replaced in the text at the end. */
const RAW: readonly (readonly [string, string])[] = [
  ['\u{f0000}', '<![CDATA[ ]]>'],
  ['\u{f0001}', '<![CDATA[]]>'],
  ['\u{f0002}', '<![CDATA[x]]>'],
  ['\u{f0003}', '<!-- note -->'],
  ['\u{f0004}', '<?pi data?>'],
  ['\u{f0005}', '&#32;'],
];

/** The alert with one to three things moved, repeated, dropped, replaced or added: well-formed, and often no longer valid. */
export function mutate(xml: string, random: Random): string {
  const { root } = parseXml(openSource(Buffer.from(xml)));
  root.declarations = [
    ...root.declarations,
    { prefix: 'xsi', uri: XSI },
    { prefix: 'xs', uri: 'http://www.w3.org/2001/XMLSchema' },
  ];
  const times = 1 + random(3);
  for (let i = 0; i < times; i += 1) step(root, random);
  return RAW.reduce(
    (text, [stand, raw]) => text.replaceAll(stand, raw),
    canonicalXml(root, { exclusive: false, comments: true }),
  );
}

function step(root: XmlElement, random: Random): void {
  const all = descendants(root);
  const chosen = all[random(all.length)] ?? root;
  const parent = chosen.parent ?? root;
  const at = parent.children.indexOf(chosen);
  const leaf = leaves(all)[random(leaves(all).length)] ?? chosen;
  switch (random(14)) {
    case 0:
      if (at >= 0) parent.children.splice(at, 1);
      break;
    case 1:
      if (at >= 0) parent.children.splice(random(parent.children.length + 1), 0, chosen);
      break;
    case 2:
      if (at >= 0)
        parent.children.splice(random(parent.children.length), 0, ...parent.children.splice(at, 1));
      break;
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
      leaf.children.splice(0, leaf.children.length, TEXTS[random(TEXTS.length)] ?? '');
      break;
    case 8:
      chosen.attributes = [...chosen.attributes, attribute(random)];
      break;
    case 9:
      chosen.children.splice(random(chosen.children.length + 1), 0, RAW[random(RAW.length)]?.[0] ?? '');
      break;
    case 10:
      chosen.children.splice(
        random(chosen.children.length + 1),
        0,
        [' ', '\n\t', 'x', '\u00a0'][random(4)] ?? ' ',
      );
      break;
    case 11:
      chosen.children.splice(
        random(chosen.children.length + 1),
        0,
        make(NAMES[random(NAMES.length)] ?? '', root.namespace, random),
      );
      break;
    case 12:
      root.children.push(signature(root, random));
      break;
    default:
      root.children.splice(
        random(root.children.length + 1),
        0,
        make('Signature', [DSIG, 'urn:x', ''][random(3)] ?? '', random),
      );
  }
}

function make(local: string, namespace: string, random: Random): XmlElement {
  const made = new XmlElement('', local, namespace, 0);
  made.declarations = [{ prefix: '', uri: namespace }];
  made.children.push(TEXTS[random(TEXTS.length)] ?? '');
  return made;
}

/** A signature with CAP inside: the wildcard of CAP 1.2 is lax, so what it declares at the top is judged there too. */
function signature(root: XmlElement, random: Random): XmlElement {
  const made = make('Signature', DSIG, random);
  const inner = make('Object', [DSIG, 'urn:x', root.namespace][random(3)] ?? DSIG, random);
  const deepest = random(3) === 0 ? root.children[random(root.children.length)] : undefined;
  inner.children.push(deepest ?? make(NAMES[random(NAMES.length)] ?? '', root.namespace, random));
  if (random(2) === 0) made.children.push(inner);
  return made;
}

function attribute(random: Random): XmlElement['attributes'][number] {
  const made = [
    { prefix: '', local: 'id', namespace: '', value: 'a' },
    { prefix: 'xml', local: 'lang', namespace: XML, value: 'en' },
    { prefix: 'xml', local: 'id', namespace: XML, value: `a${random(1000)}` },
    { prefix: 'xsi', local: 'schemaLocation', namespace: XSI, value: 'urn:a a.xsd' },
    { prefix: 'xsi', local: 'noNamespaceSchemaLocation', namespace: XSI, value: 'a.xsd' },
    { prefix: 'xsi', local: 'nil', namespace: XSI, value: ['true', 'false', '0', 'x'][random(4)] ?? '' },
    { prefix: 'xsi', local: 'type', namespace: XSI, value: 'xs:string' },
    {
      prefix: 'xsi',
      local: 'type',
      namespace: XSI,
      value: TYPES[random(TYPES.length)] ?? '',
    },
    { prefix: 'xsi', local: 'other', namespace: XSI, value: 'a' },
  ];
  return made[random(made.length)] ?? { prefix: '', local: 'id', namespace: '', value: 'a' };
}

function descendants(element: XmlElement): XmlElement[] {
  return [element, ...childElements(element).flatMap(descendants)];
}

const leaves = (all: readonly XmlElement[]): XmlElement[] =>
  all.filter((each) => childElements(each).length === 0);
