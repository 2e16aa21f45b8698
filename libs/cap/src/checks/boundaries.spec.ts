import { describe, expect, it } from '@jest/globals';
import { readCap } from '../reading/read-cap.js';
import { capText } from '../testing/builders.js';

const findingsOf = (parts: Parts) =>
  (readCap(Buffer.from(capText(parts))).alerts[0]?.findings ?? []).map(
    ({ code, level, path, message }) => `${level} ${code} ${path}: ${message}`,
  );
type Parts = Readonly<Record<string, string>>;
/** What is tried, the last that passes, the first that does not, and all that is then said. */
type Boundary = readonly [tries: string, inside: Parts, outside: Parts, said: string];
const FORM =
  'and must be a date and time such as 2026-11-21T09:30:00-00:00, without Z and without fractions.';
const EARTH =
  'A point is not on the earth: latitude goes to 90, longitude to 180, and latitude stands first.';
const OFF = `error out-of-range /alert/info/area/polygon: ${EARTH}`;

const tag = (name: string, text: string): Parts => ({ [name]: `<${name}>${text}</${name}>` });
const file = (inside: string): Parts => ({
  resource: `<resource><resourceDesc>map</resourceDesc>${inside}</resource>`,
});
const png = (inside: string): Parts => file(`<mimeType>image/png</mimeType>${inside}`);
const updateOf = (references: string, over: Parts = {}): Parts => ({
  ...tag('msgType', 'Update'),
  ...tag('references', references),
  ...over,
});
const polygon = (text: string): Parts => tag('polygon', text);
const heights = (altitude: string, ceiling: string): Parts => ({
  ...tag('altitude', altitude),
  ...tag('ceiling', ceiling),
});

const BOUNDARIES: readonly Boundary[] = [
  [
    '5: the last second of a day',
    tag('expires', '2026-11-22T23:59:59-00:00'),
    tag('expires', '2026-11-22T23:59:60-00:00'),
    `reject date-time /alert/info/expires: expires is "2026-11-22T23:59:60-00:00" ${FORM}`,
  ],
  [
    '5: the last zone',
    tag('expires', '2026-11-22T09:30:00+14:00'),
    tag('expires', '2026-11-22T09:30:00+14:01'),
    `reject date-time /alert/info/expires: expires is "2026-11-22T09:30:00+14:01" ${FORM}`,
  ],
  [
    '6: an identifier with every sign but the four',
    tag('identifier', 'a;b|c/d&gt;"'),
    tag('identifier', 'a&amp;b'),
    'error identity-characters /alert/identifier: The identifier holds white space, a comma, "<" or "&", so references to it break.',
  ],
  [
    '6: a sender in one piece, and one with a no-break space',
    tag('sender', 'ea_example'),
    tag('sender', 'ea\u00a0example'),
    'error identity-characters /alert/sender: The sender holds white space, a comma, "<" or "&", so references to it break.',
  ],
  [
    '7: an Update that names one message',
    updateOf('a@b,F,2026-11-20T09:30:00-00:00'),
    tag('msgType', 'Update'),
    'error references-missing /alert: A message of type Update names no earlier message.',
  ],
  [
    '7: an Ack names what it acknowledges',
    updateOf('a@b,F,2026-11-20T09:30:00-00:00', tag('msgType', 'Ack')),
    tag('msgType', 'Ack'),
    'error references-missing /alert: A message of type Ack names no earlier message.',
  ],
  [
    '8: a message sent in the same second',
    updateOf('a@b,F,2026-11-21T09:30:00-00:00'),
    updateOf('a@b,F,2026-11-21T09:30:01-00:00'),
    'warn references-later /alert/references: F was sent later than this message, which refers to it.',
  ],
  [
    '8: the same second in another zone',
    updateOf('a@b,F,2026-11-21T10:30:00+01:00'),
    updateOf('a@b,F,2026-11-21T09:30:00-01:00'),
    'warn references-later /alert/references: F was sent later than this message, which refers to it.',
  ],
  [
    '8: the same identifier of another sender',
    updateOf('a@b,FLOOD-1,2026-11-21T09:30:00-00:00'),
    updateOf('ea@example.org,FLOOD-1,2026-11-21T09:30:00-00:00'),
    'error references-itself /alert/references: The alert refers to itself.',
  ],
  [
    '9: a restriction',
    { ...tag('scope', 'Restricted'), ...tag('restriction', 'crews') },
    { ...tag('scope', 'Restricted'), ...tag('restriction', '') },
    'error restriction /alert/scope: The scope is Restricted and no restriction says to whom.',
  ],
  [
    '9: addresses',
    { ...tag('scope', 'Private'), ...tag('addresses', 'bob') },
    { ...tag('scope', 'Private'), ...tag('addresses', ' ') },
    'error addresses /alert/scope: The scope is Private and no addresses say for whom.',
  ],
  ['10: the north pole', polygon('90,0 89,0 89,1 90,0'), polygon('90.00001,0 89,0 89,1 90.00001,0'), OFF],
  [
    '10: the south pole',
    polygon('-90,0 -89,0 -89,1 -90,0'),
    polygon('-90.00001,0 -89,0 -89,1 -90.00001,0'),
    OFF,
  ],
  [
    '10: the last meridian in the east',
    polygon('1,180 1,179 2,179 1,180'),
    polygon('1,180.00001 1,179 2,179 1,180.00001'),
    OFF,
  ],
  [
    '10: the last meridian in the west',
    polygon('1,-180 1,-179 2,-179 1,-180'),
    polygon('1,-180.00001 1,-179 2,-179 1,-180.00001'),
    OFF,
  ],
  [
    '10: four points',
    polygon('53.1,0.2 53.1,0.3 53.2,0.3 53.1,0.2'),
    polygon('53.1,0.2 53.1,0.3 53.1,0.2'),
    'error polygon-few-points /alert/info/area/polygon: The polygon has 3 points; it needs four, the last being the first again.\nerror polygon-flat /alert/info/area/polygon: The polygon covers no ground.',
  ],
  [
    '10: a last point a metre from the first',
    polygon('53.1,0.2 53.1,0.3 53.2,0.3 53.10000,0.20'),
    polygon('53.1,0.2 53.1,0.3 53.2,0.3 53.1,0.20001'),
    'error polygon-open /alert/info/area/polygon: The last point of the polygon is not its first.\nwarn polygon-touches-itself /alert/info/area/polygon: The polygon touches itself.',
  ],
  [
    '10: a dent that stops short of the other side',
    polygon('0,0 0,2 0.00001,1 0,0'),
    polygon('0,0 0,2 0,1 0,0'),
    'error polygon-flat /alert/info/area/polygon: The polygon covers no ground.\nwarn polygon-touches-itself /alert/info/area/polygon: The polygon touches itself.',
  ],
  [
    '10: a point just inside, and just across, the far side',
    polygon('0,0 0,4 4,4 0.00001,2 4,0 0,0'),
    polygon('0,0 0,4 4,4 -0.00001,2 4,0 0,0'),
    'error polygon-crosses-itself /alert/info/area/polygon: The polygon crosses itself, so its inside is not known.',
  ],
  [
    '10: half round the earth',
    polygon('0,-90 1,-90 1,90 0,90 0,-90'),
    polygon('0,-91 1,-91 1,90 0,90 0,-91'),
    'note polygon-antimeridian /alert/info/area/polygon: The polygon is read as going over the antimeridian, the short way round.',
  ],
  [
    '10: the widest circle',
    tag('circle', '0,0 20038'),
    tag('circle', '0,0 20038.1'),
    'error out-of-range /alert/info/area/circle: A radius of 20038.1 km is not on the earth.',
  ],
  [
    '10: the narrowest circle',
    tag('circle', '0,0 0.001'),
    tag('circle', '0,0 0'),
    'warn circle-radius /alert/info/area/circle: The circle has a radius of 0: it names a place and covers nobody.',
  ],
  [
    '10: a circle round the pole',
    tag('circle', '90,180 1'),
    tag('circle', '90.1,180 1'),
    'error out-of-range /alert/info/area/circle: The centre of the circle is not on the earth.',
  ],
  [
    '10: a shape, and codes alone',
    { ...polygon('53.1,0.2 53.1,0.3 53.2,0.3 53.1,0.2') },
    { polygon: '', geocode: '<geocode><valueName>n</valueName><value>v</value></geocode>' },
    'note no-geometry /alert/info/area: The area is given by codes alone; nobody can be found by a map in it.',
  ],
  [
    '11: a ceiling at the altitude',
    heights('100', '100'),
    heights('100', '99.9'),
    'error ceiling /alert/info/area/ceiling: The ceiling lies below the altitude.',
  ],
  [
    '12: a language of three letters',
    tag('language', 'gsw'),
    tag('language', 'gswx'),
    'warn language-odd /alert/info/language: "gswx" does not begin with a language of two or three letters.',
  ],
  [
    '12: a private language',
    tag('language', 'x-welsh'),
    tag('language', 'y-welsh'),
    'warn language-odd /alert/info/language: "y-welsh" does not begin with a language of two or three letters.',
  ],
  [
    '15: a sign for less',
    tag('description', 'below &lt; 3 m &amp; falling'),
    tag('description', 'below &lt;b&gt; 3 m'),
    'warn markup /alert/info/description: The text holds markup, "<b>", which people will see as it stands.',
  ],
  [
    '15: an ampersand',
    tag('description', 'sand &amp; sea; wind'),
    tag('description', 'sand &amp;amp; sea'),
    'warn markup /alert/info/description: The text holds markup, "&amp;", which people will see as it stands.',
  ],
  [
    '16: an address',
    tag('web', 'https://example.org'),
    tag('web', '//example.org'),
    'error web-relative /alert/info/web: "//example.org" is not a full address.',
  ],
  [
    '16: a relative uri beside the file itself',
    png('<uri>map.png</uri><derefUri>AAAA</derefUri>'),
    png('<uri>map.png</uri>'),
    'error uri-relative /alert/info/resource/uri: "map.png" is not a full address, and the file itself is not here.',
  ],
  [
    '16: the size of the file inside',
    png('<size>3</size><derefUri>AAAA</derefUri>'),
    png('<size>4</size><derefUri>AAAA</derefUri>'),
    'error size-wrong /alert/info/resource/size: The size says 4 bytes and the file has 3.',
  ],
  [
    '16: a size of no bytes',
    png('<size>0</size>'),
    png('<size>-1</size>'),
    'error size-wrong /alert/info/resource/size: The size is below zero.',
  ],
  [
    '16: base64 in fours',
    png('<derefUri>AA A=\n</derefUri>'),
    png('<derefUri>AAAAA</derefUri>'),
    'error attachment-broken /alert/info/resource/derefUri: The file inside is not base64, so it cannot be opened.',
  ],
  [
    '16: the digest in capitals',
    png('<derefUri>AAAA</derefUri><digest>29E2DCFBB16F63BB0254DF7585A15BB6FB5E927D</digest>'),
    png('<derefUri>AAAA</derefUri><digest>29E2DCFBB16F63BB0254DF7585A15BB6FB5E927E</digest>'),
    'error digest-wrong /alert/info/resource/digest: The digest is not that of the file inside: it was changed or cut off.',
  ],
  [
    '16: a media type with its parameter',
    file('<mimeType>text/plain; charset=utf-8</mimeType>'),
    file('<mimeType>text/</mimeType>'),
    'error mime-type /alert/info/resource/mimeType: "text/" is not a media type such as image/png.',
  ],
  [
    '17: quotes in pairs',
    tag('incidents', '"Storm Dennis" "x"'),
    tag('incidents', '"Storm Dennis" "x'),
    'warn incidents /alert/incidents: A double quote in incidents has no partner, so the names cannot be told apart.',
  ],
  [
    'the end at the moment of sending',
    tag('expires', '2026-11-21T09:30:00-00:00'),
    tag('expires', '2026-11-21T09:29:59-00:00'),
    'warn expires-early /alert/info/expires: It expires before sent.',
  ],
  [
    'the end at the moment it takes effect',
    { ...tag('effective', '2026-11-22T09:30:00-00:00') },
    { ...tag('effective', '2026-11-22T09:30:01-00:00') },
    'warn expires-early /alert/info/expires: It expires before effective.',
  ],
];

describe('at the boundary of each check', () => {
  it.each(BOUNDARIES)('%s', (_, inside, outside, said) => {
    expect(findingsOf(inside)).toEqual([]);
    expect(findingsOf(outside)).toEqual(said.split('\n'));
  });
});
