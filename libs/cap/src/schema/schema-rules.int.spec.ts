import { describe, expect, it } from '@jest/globals';
import { type CapVersion, NAMESPACES } from '../model/alert.js';
import { readCap } from '../reading/read-cap.js';
import { schemaOracle } from '../testing/schema-oracle.js';

const oracle = schemaOracle();
if (oracle === undefined)
  console.warn('SKIPPED: the rules of the schema are not compared with libxml2. Set REAL_INPUT_DIR.');

const ALL: readonly CapVersion[] = ['1.0', '1.1', '1.2'];
const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
const SIGNATURE = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>';

/** The least that each version accepts, as its parts: what is given takes the place of the part of that name. */
type Parts = Partial<
  Record<
    'open' | 'identifier' | 'sender' | 'sent' | 'status' | 'msgType' | 'scope' | 'head' | 'info' | 'tail',
    string
  >
>;
function alertOf(version: CapVersion, parts: Parts): string {
  const {
    open = '<alert xmlns="NS">',
    identifier = '<identifier>FLOOD-1</identifier>',
    sender = '<sender>ea@example.org</sender>',
    sent = '<sent>2026-11-21T09:30:00-00:00</sent>',
    status = '<status>Actual</status>',
    msgType = '<msgType>Alert</msgType>',
    scope = '<scope>Public</scope>',
    head = '',
    info = '',
    tail = '',
  } = parts;
  const text = `${open}${identifier}${sender}${sent}${status}${msgType}${scope}${head}${info}${tail}</alert>`;
  return text.replace('NS', NAMESPACES[version]);
}

type InfoParts = Partial<
  Record<
    'first' | 'category' | 'event' | 'response' | 'urgency' | 'severity' | 'certainty' | 'rest' | 'area',
    string
  >
>;
const info = (parts: InfoParts): Parts => {
  const {
    first = '',
    category = '<category>Met</category>',
    event = '<event>Flood</event>',
    response = '',
    urgency = '<urgency>Immediate</urgency>',
    severity = '<severity>Severe</severity>',
    certainty = '<certainty>Likely</certainty>',
    rest = '',
    area = '',
  } = parts;
  return {
    info: `<info>${first}${category}${event}${response}${urgency}${severity}${certainty}${rest}${area}</info>`,
  };
};
const resource = (inside: string): Parts => info({ rest: `<resource>${inside}</resource>` });
const area = (inside: string): Parts => info({ area: `<area>${inside}</area>` });
const pair = (name: string, inside: string): Parts =>
  name === 'geocode'
    ? area(`<areaDesc>a</areaDesc><geocode>${inside}</geocode>`)
    : info({ rest: `<${name}>${inside}</${name}>` });

/** What is written, and the versions whose schema accepts it; every other refuses it. */
type Rule = readonly [says: string, accepts: readonly CapVersion[], parts: Parts];
const NONE: readonly CapVersion[] = [];
const SINCE_11: readonly CapVersion[] = ['1.1', '1.2'];
const UNTIL_11: readonly CapVersion[] = ['1.0', '1.1'];

const HEAD: readonly Rule[] = [
  ['the least alert there is', ALL, {}],
  ['no identifier', NONE, { identifier: '' }],
  ['no sender', NONE, { sender: '' }],
  ['no sent', NONE, { sent: '' }],
  ['no status', NONE, { status: '' }],
  ['no msgType', NONE, { msgType: '' }],
  ['no scope, which 1.0 lets be missing', ['1.0'], { scope: '' }],
  ['an empty identifier: a text may be empty', ALL, { identifier: '<identifier/>' }],
  ['an empty sender', ALL, { sender: '<sender></sender>' }],
  ['an empty status', NONE, { status: '<status/>' }],
  ['an empty scope', NONE, { scope: '<scope></scope>' }],
  ['the identifier twice', NONE, { head: '', sender: '<identifier>b</identifier><sender>s</sender>' }],
  ['sender before identifier', NONE, { identifier: '', sent: '<identifier>i</identifier>' }],
  ['status Draft, a word since 1.1', SINCE_11, { status: '<status>Draft</status>' }],
  ['status System', ALL, { status: '<status>System</status>' }],
  ['status in capitals', NONE, { status: '<status>ACTUAL</status>' }],
  ['a space before the status', NONE, { status: '<status> Actual</status>' }],
  ['a line break behind the status', NONE, { status: '<status>Actual\n</status>' }],
  ['a status in CDATA', ALL, { status: '<status><![CDATA[Actual]]></status>' }],
  ['a comment within the status', ALL, { status: '<status>Act<!-- so -->ual</status>' }],
  ['msgType Error', ALL, { msgType: '<msgType>Error</msgType>' }],
  ['msgType Warning', NONE, { msgType: '<msgType>Warning</msgType>' }],
  ['scope Private', ALL, { scope: '<scope>Private</scope>' }],
  ['scope public', NONE, { scope: '<scope>public</scope>' }],
  ['a password, which only 1.0 has', ['1.0'], { scope: '<password>p</password><scope>Public</scope>' }],
  ['source before scope', ALL, { scope: '<source>s</source><scope>Public</scope>' }],
  ['source behind scope', NONE, { head: '<source>s</source>' }],
  ['two notes', NONE, { head: '<note>a</note><note>b</note>' }],
  ['three codes', ALL, { head: '<code>a</code><code/><code>c</code>' }],
  ['a note before a code', NONE, { head: '<note>a</note><code>b</code>' }],
  [
    'everything that the head may have',
    ALL,
    {
      head:
        '<restriction>crews</restriction><addresses>a b</addresses><code>c</code><note>n</note>' +
        '<references>a,b,2026-11-20T09:30:00-00:00</references><incidents>i j</incidents>',
    },
  ],
  ['incidents before references', NONE, { head: '<incidents>i</incidents><references>a</references>' }],
  ['white space between elements', ALL, { head: '\n\t <note>n</note> \n' }],
  ['words between elements', NONE, { head: 'hello' }],
  ['a no-break space between elements', NONE, { head: '\u00a0' }],
  ['CDATA between elements', NONE, { head: '<![CDATA[ ]]>' }],
  ['an entity for a space between elements', ALL, { head: '&#32;' }],
  ['a comment and an instruction between elements', ALL, { head: '<!-- note --><?style sheet?>' }],
  ['an element that CAP does not know', NONE, { head: '<banner>red</banner>' }],
  ['an element of another namespace', NONE, { head: '<x:mood xmlns:x="urn:x">grim</x:mood>' }],
  ['an element of no namespace', NONE, { head: '<note xmlns="">n</note>' }],
  ['an element inside a text', NONE, { head: '<note>a<b/></note>' }],
];

const ATTRIBUTES: readonly Rule[] = [
  ['an attribute on the alert', NONE, { open: '<alert xmlns="NS" id="a">' }],
  ['xml:lang on the alert', NONE, { open: '<alert xmlns="NS" xml:lang="en">' }],
  ['an attribute on a text', NONE, { head: '<note lang="en">n</note>' }],
  ['where a schema lies', ALL, { open: `<alert xmlns="NS" ${XSI} xsi:schemaLocation="NS cap.xsd">` }],
  [
    'where a schema without a namespace lies',
    ALL,
    {
      open: `<alert xmlns="NS" ${XSI} xsi:noNamespaceSchemaLocation="cap.xsd">`,
    },
  ],
  ['a nil where nothing may be nil', NONE, { head: `<note ${XSI} xsi:nil="false">n</note>` }],
  ['a prefix that nobody uses', ALL, { open: '<alert xmlns="NS" xmlns:unused="urn:x">' }],
];

const times = (element: 'sent' | 'expires', text: string): Parts =>
  element === 'sent' ? { sent: `<sent>${text}</sent>` } : info({ rest: `<expires>${text}</expires>` });
const DATE_TIMES: readonly Rule[] = (['sent', 'expires'] as const).flatMap((name): Rule[] => [
  [`${name} with a zone`, ALL, times(name, '2026-11-21T09:30:00+01:00')],
  [`${name} in UTC as CAP writes it`, ALL, times(name, '2026-11-21T09:30:00-00:00')],
  [`${name} with Z`, UNTIL_11, times(name, '2026-11-21T09:30:00Z')],
  [`${name} with a fraction`, UNTIL_11, times(name, '2026-11-21T09:30:00.5+01:00')],
  [`${name} without a zone`, UNTIL_11, times(name, '2026-11-21T09:30:00')],
  [`${name} before our era`, UNTIL_11, times(name, '-0044-03-15T09:30:00Z')],
  [`${name} in a year of five digits`, UNTIL_11, times(name, '12026-11-21T09:30:00+00:00')],
  [`${name} without seconds`, NONE, times(name, '2026-11-21T09:30+01:00')],
  [`${name} with a small t`, NONE, times(name, '2026-11-21t09:30:00+01:00')],
  [`${name} with a space for the T`, NONE, times(name, '2026-11-21 09:30:00+01:00')],
  [
    `${name} with a comma for the sign, which the pattern lets pass and the type does not`,
    NONE,
    times(name, '2026-11-21T09:30:00,00:00'),
  ],
  [`${name} on the 30th of February`, NONE, times(name, '2026-02-30T09:30:00+01:00')],
  [`${name} on the 29th of February of a leap year`, ALL, times(name, '2024-02-29T09:30:00+01:00')],
  [`${name} on the 29th of February of another year`, NONE, times(name, '2026-02-29T09:30:00+01:00')],
  [`${name} on the 29th of February 1900`, NONE, times(name, '1900-02-29T09:30:00+01:00')],
  [`${name} on the 29th of February 2000`, ALL, times(name, '2000-02-29T09:30:00+01:00')],
  [`${name} at the end of a day`, ALL, times(name, '2026-11-21T24:00:00+01:00')],
  [`${name} a second behind the end of a day`, NONE, times(name, '2026-11-21T24:00:01+01:00')],
  [`${name} in a leap second`, NONE, times(name, '2026-06-30T23:59:60+00:00')],
  [`${name} fourteen hours ahead`, ALL, times(name, '2026-11-21T09:30:00+14:00')],
  [`${name} more than fourteen hours ahead`, NONE, times(name, '2026-11-21T09:30:00+14:01')],
  [`${name} in a month 13`, NONE, times(name, '2026-13-21T09:30:00+01:00')],
  [`${name} in the year 0`, NONE, times(name, '0000-11-21T09:30:00+01:00')],
  [
    `${name} with white space round it, which only the type with a pattern takes away`,
    ['1.2'],
    times(name, ' 2026-11-21T09:30:00+01:00\n'),
  ],
  [`${name} left empty`, NONE, times(name, '')],
]);

const INFOS: readonly Rule[] = [
  ['the least info there is', ALL, info({})],
  ['several infos', ALL, { info: `${info({}).info ?? ''}${info({}).info ?? ''}` }],
  ['an empty info', NONE, { info: '<info/>' }],
  ['no category, which 1.0 lets be missing', ['1.0'], info({ category: '' })],
  ['no event', NONE, info({ event: '' })],
  ['an empty event', ALL, info({ event: '<event/>' })],
  ['no urgency', NONE, info({ urgency: '' })],
  ['no severity', NONE, info({ severity: '' })],
  ['no certainty', NONE, info({ certainty: '' })],
  ['two categories', ALL, info({ category: '<category>Met</category><category>Env</category>' })],
  ['category CBRNE, since 1.1', SINCE_11, info({ category: '<category>CBRNE</category>' })],
  ['a category that is none', NONE, info({ category: '<category>Flood</category>' })],
  ['response Avoid, since 1.2', ['1.2'], info({ response: '<responseType>Avoid</responseType>' })],
  ['response AllClear, since 1.2', ['1.2'], info({ response: '<responseType>AllClear</responseType>' })],
  ['response Shelter, since 1.1', SINCE_11, info({ response: '<responseType>Shelter</responseType>' })],
  ['certainty Observed, since 1.1', SINCE_11, info({ certainty: '<certainty>Observed</certainty>' })],
  ['certainty Very Likely, of 1.0 alone', ['1.0'], info({ certainty: '<certainty>Very Likely</certainty>' })],
  ['severity Unknown', ALL, info({ severity: '<severity>Unknown</severity>' })],
  ['urgency Past', ALL, info({ urgency: '<urgency>Past</urgency>' })],
  [
    'severity before urgency',
    NONE,
    info({ urgency: '', certainty: '<urgency>Past</urgency><certainty>Likely</certainty>' }),
  ],
  ['a language', ALL, info({ first: '<language>en-GB</language>' })],
  ['a language that is empty: the default stands', ALL, info({ first: '<language/>' })],
  ['a language of a space', NONE, info({ first: '<language> </language>' })],
  ['a language with spaces round it', ALL, info({ first: '<language> en-GB </language>' })],
  ['a language with an underscore', NONE, info({ first: '<language>en_GB</language>' })],
  ['a language of nine letters', NONE, info({ first: '<language>englishes</language>' })],
  ['a language behind the category', NONE, info({ event: '<language>en</language><event>e</event>' })],
  [
    'everything else that an info may have',
    ALL,
    info({
      rest:
        '<audience>all</audience><effective>2026-11-21T09:30:00-00:00</effective><onset>2026-11-21T09:30:00-00:00</onset>' +
        '<expires>2026-11-22T09:30:00-00:00</expires><senderName>EA</senderName><headline>h</headline>' +
        '<description>d</description><instruction>i</instruction><web>https://example.org/</web><contact>c</contact>',
    }),
  ],
  ['headline behind description', NONE, info({ rest: '<description>d</description><headline>h</headline>' })],
  ['two headlines', NONE, info({ rest: '<headline>h</headline><headline>h</headline>' })],
  ['a web address that is none', NONE, info({ rest: '<web>http://[</web>' })],
  ['a port of 31 bits', ALL, info({ rest: '<web>http://example.org:2147483647/</web>' })],
  ['a port of 32 bits', NONE, info({ rest: '<web>http://example.org:2147483648/</web>' })],
  ['a port with nothing but noughts in front', ALL, info({ rest: '<web>http://a:000000000080/</web>' })],
  ['a port that is none', NONE, info({ rest: '<web>http://a:8x/</web>' })],
  ['a slash where a number of the host should be', ALL, info({ rest: '<web>http://[/]/</web>' })],
  ['a hash behind a host that never ends', NONE, info({ rest: '<web>http://[#a</web>' })],
  ['a web address with a space', ALL, info({ rest: '<web>http://example.org/a b</web>' })],
  ['an empty web address', ALL, info({ rest: '<web/>' })],
  ['an info behind the incidents', ALL, { head: '<incidents>i</incidents>', ...info({}) }],
];

const PAIRS: readonly Rule[] = ['eventCode', 'parameter', 'geocode'].flatMap((name): Rule[] => [
  [`${name} as a text, as 1.0 has it`, ['1.0'], pair(name, 'SAME=FFW')],
  [`${name} as name and value`, SINCE_11, pair(name, '<valueName>n</valueName><value>v</value>')],
  [`${name} with both empty`, SINCE_11, pair(name, '<valueName/><value/>')],
  [`${name} with the value first`, NONE, pair(name, '<value>v</value><valueName>n</valueName>')],
  [`${name} without a name`, NONE, pair(name, '<value>v</value>')],
  [`${name} without a value`, NONE, pair(name, '<valueName>n</valueName>')],
  [`${name} with two values`, NONE, pair(name, '<valueName>n</valueName><value>v</value><value>w</value>')],
  [`${name} with words beside them`, NONE, pair(name, 'x<valueName>n</valueName><value>v</value>')],
]);

const RESOURCES: readonly Rule[] = [
  ['a resource with a kind', ALL, resource('<resourceDesc>map</resourceDesc><mimeType>image/png</mimeType>')],
  ['a resource without a kind, which 1.2 demands', UNTIL_11, resource('<resourceDesc>map</resourceDesc>')],
  ['a resource without a name', NONE, resource('<mimeType>image/png</mimeType>')],
  [
    'a file inside, since 1.1',
    SINCE_11,
    resource('<resourceDesc>m</resourceDesc><mimeType>a/b</mimeType><derefUri>AAAA</derefUri>'),
  ],
  ['a size', ALL, resource('<resourceDesc>m</resourceDesc><mimeType>a/b</mimeType><size> +0012 </size>')],
  [
    'a size below zero',
    ALL,
    resource('<resourceDesc>m</resourceDesc><mimeType>a/b</mimeType><size>-1</size>'),
  ],
  [
    'a size with a fraction',
    NONE,
    resource('<resourceDesc>m</resourceDesc><mimeType>a/b</mimeType><size>1.0</size>'),
  ],
  [
    'a size in words',
    NONE,
    resource('<resourceDesc>m</resourceDesc><mimeType>a/b</mimeType><size>2 kB</size>'),
  ],
  ['an empty size', NONE, resource('<resourceDesc>m</resourceDesc><mimeType>a/b</mimeType><size/>')],
  [
    'uri before size',
    NONE,
    resource('<resourceDesc>m</resourceDesc><mimeType>a/b</mimeType><uri>u</uri><size>1</size>'),
  ],
  [
    'a relative uri',
    ALL,
    resource('<resourceDesc>m</resourceDesc><mimeType>a/b</mimeType><uri>map.png</uri>'),
  ],
  [
    'a uri that is none',
    NONE,
    resource('<resourceDesc>m</resourceDesc><mimeType>a/b</mimeType><uri>a:b:%</uri>'),
  ],
  [
    'digest last',
    ALL,
    resource('<resourceDesc>m</resourceDesc><mimeType>a/b</mimeType><uri>u</uri><digest>d</digest>'),
  ],
  [
    'a resource behind an area',
    NONE,
    info({
      area: '<area><areaDesc>a</areaDesc></area><resource><resourceDesc>m</resourceDesc><mimeType>a/b</mimeType></resource>',
    }),
  ],
];

const AREAS: readonly Rule[] = [
  ['an area with a name alone', ALL, area('<areaDesc>a</areaDesc>')],
  ['an area without a name', NONE, area('<polygon>1,1 2,2 3,3 1,1</polygon>')],
  ['an empty area', NONE, area('')],
  [
    'several shapes',
    ALL,
    area('<areaDesc>a</areaDesc><polygon>1,1</polygon><polygon/><circle>1,1 1</circle><circle/>'),
  ],
  [
    'a circle before a polygon',
    NONE,
    area('<areaDesc>a</areaDesc><circle>1,1 1</circle><polygon>1,1</polygon>'),
  ],
  [
    'a polygon of nonsense: the schema does not look into it',
    ALL,
    area('<areaDesc>a</areaDesc><polygon>nowhere</polygon>'),
  ],
  ['an altitude in feet', ALL, area('<areaDesc>a</areaDesc><altitude>10.5</altitude>')],
  [
    'an altitude in words, a number since 1.2',
    UNTIL_11,
    area('<areaDesc>a</areaDesc><altitude>high</altitude>'),
  ],
  ['an altitude with an exponent', UNTIL_11, area('<areaDesc>a</areaDesc><altitude>1e3</altitude>')],
  ['an altitude that begins with a point', ALL, area('<areaDesc>a</areaDesc><altitude>-.5</altitude>')],
  ['an empty altitude', UNTIL_11, area('<areaDesc>a</areaDesc><altitude/>')],
  ['a ceiling alone: the schema does not mind', ALL, area('<areaDesc>a</areaDesc><ceiling>1</ceiling>')],
  [
    'a ceiling before its altitude',
    NONE,
    area('<areaDesc>a</areaDesc><ceiling>2</ceiling><altitude>1</altitude>'),
  ],
];

const SIGNATURES: readonly Rule[] = [
  ['a signature at the end, since 1.2', ['1.2'], { tail: SIGNATURE }],
  ['two signatures at the end', ['1.2'], { tail: SIGNATURE + SIGNATURE }],
  ['a signature in front', NONE, { identifier: `${SIGNATURE}<identifier>i</identifier>` }],
  ['a signature within an info', NONE, info({ rest: SIGNATURE })],
  ['a signature of another namespace', NONE, { tail: '<Signature xmlns="urn:x"/>' }],
  [
    'any element of the namespace of signatures',
    ['1.2'],
    { tail: '<Anything xmlns="http://www.w3.org/2000/09/xmldsig#">x</Anything>' },
  ],
  ['a head behind a signature', NONE, { tail: `${SIGNATURE}<note>n</note>` }],
];

const RULES: readonly Rule[] = [
  ...HEAD,
  ...ATTRIBUTES,
  ...DATE_TIMES,
  ...INFOS,
  ...PAIRS,
  ...RESOURCES,
  ...AREAS,
  ...SIGNATURES,
];

describe('what the three schemas say', () => {
  it.each(RULES)('%s (accepted by %j)', (_, accepts, parts) => {
    const ours = ALL.filter((version) => readCap(Buffer.from(alertOf(version, parts))).alerts[0]?.valid);
    expect(ours).toEqual(accepts);
    if (oracle === undefined) return;
    const theirs = ALL.filter((version) => oracle(Buffer.from(alertOf(version, parts)), version)?.valid);
    expect(theirs).toEqual(accepts);
  });

  it('names what it refuses, and only that: each refusal has a finding of level reject', () => {
    for (const [says, accepts, parts] of RULES) {
      for (const version of ALL) {
        const [reading] = readCap(Buffer.from(alertOf(version, parts))).alerts;
        const rejected = reading?.findings.some((each) => each.level === 'reject') === true;
        expect({ says, version, rejected }).toEqual({ says, version, rejected: !accepts.includes(version) });
      }
    }
  });

  it.each([
    ['urn:oasis:names:tc:emergency:cap:1.3', 'a version that does not exist'],
    ['urn:oasis:names:tc:emergency:cap:1.2/', 'a name with a slash too many'],
    ['URN:OASIS:names:tc:emergency:cap:1.2', 'a name in capitals'],
    ['http://www.incident.com/cap/1.2', 'the old name with the new number'],
    ['', 'no namespace'],
  ])('refuses %j: %s', (namespace) => {
    const text = alertOf('1.2', {}).replace(NAMESPACES['1.2'], namespace);
    expect(readCap(Buffer.from(text)).alerts).toMatchObject([
      { valid: false, version: undefined, findings: [{ code: 'namespace', level: 'reject' }] },
    ]);
  });
});
