import { CAP, type Hostile, SIGNED } from './hostile-signatures.js';

const HEAD =
  '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>i</identifier><sender>s</sender>' +
  '<sent>2026-11-21T09:30:00-00:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>';
const INFO =
  '<info><category>Met</category><event>e</event><urgency>Past</urgency><severity>Minor</severity><certainty>Likely</certainty>';
const polygon = (text: string): string =>
  `${HEAD}${INFO}<area><areaDesc>a</areaDesc><polygon>${text}</polygon></area></info></alert>`;
const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join('');
const signature =
  '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo><CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>' +
  '<SignatureMethod Algorithm="http://www.w3.org/2000/09/xmldsig#rsa-sha1"/><Reference URI=""><Transforms><Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/></Transforms>' +
  '<DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/><DigestValue>AAAA</DigestValue></Reference></SignedInfo><SignatureValue>AAAA</SignatureValue>' +
  `<KeyInfo><KeyValue><RSAKeyValue><Modulus>${Buffer.alloc(256, 200).toString('base64')}</Modulus><Exponent>AQAB</Exponent></RSAKeyValue></KeyValue></KeyInfo></Signature>`;

/** Every one is at most 1 MB, the largest alert that is looked at, or one byte more. */
export const HOSTILE: readonly Hostile[] = [
  {
    name: 'entity bomb',
    refused: 'doctype',
    text: () =>
      `<!DOCTYPE a [<!ENTITY a "aa">${times(20, (i) => `<!ENTITY a${i + 1} "&a${i || ''};&a${i || ''};">`)}]>${HEAD}</alert>`,
  },
  {
    name: 'external entity',
    refused: 'doctype',
    text: () => `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${HEAD}<note>&x;</note></alert>`,
  },
  {
    name: 'XInclude',
    refused: 'xinclude',
    text: () =>
      `${HEAD}<note><x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/></note></alert>`,
  },
  {
    name: 'nested 50,000 deep',
    refused: 'too-deep',
    text: () => '<a>'.repeat(50_000) + '</a>'.repeat(50_000),
  },
  {
    name: 'nested deep, a namespace each',
    refused: 'too-deep',
    text: () => times(45_000, (i) => `<a xmlns:p${i}="u">`),
  },
  {
    name: '90,000 polygons',
    refused: 'too-many-elements',
    text: () =>
      `${HEAD}${INFO}<area><areaDesc>a</areaDesc>${'<polygon/>'.repeat(90_000)}</area></info></alert>`,
  },
  {
    name: '18,000 polygons',
    refused: 'too-many-polygons',
    text: () =>
      `${HEAD}${INFO}<area><areaDesc>a</areaDesc>${'<polygon>1,1 2,2 3,3 1,1</polygon>'.repeat(18_000)}</area></info></alert>`,
  },
  {
    name: '140,000 elements',
    refused: 'too-many-elements',
    text: () => `${HEAD}${'<code/>'.repeat(140_000)}</alert>`,
  },
  {
    name: '10,000 unknown elements',
    finds: 'unknown-element',
    text: () => `${HEAD}${'<foo><bar/></foo>'.repeat(9_900)}</alert>`,
  },
  {
    name: 'an attribute of 1 MB',
    finds: 'unknown-attribute',
    text: () => `${HEAD}<note x="${'a'.repeat(1_000_000)}"/></alert>`,
  },
  {
    name: '60,000 attributes',
    refused: 'too-many-attributes',
    text: () => `${HEAD}<note ${times(60_000, (i) => `a${i}="1" `)}/></alert>`,
  },
  {
    name: 'a polygon of 250,000 points',
    refused: 'too-many-vertices',
    text: () => polygon(times(249_000, (i) => `${i % 2},${i % 7} `)),
  },
  {
    name: 'a fan of 50,000 points',
    finds: 'polygon-open',
    text: () =>
      polygon(
        times(
          24_000,
          (i) =>
            `${(i * 0.001).toFixed(3)},${(i * 0.001).toFixed(3)} ${(i * 0.001 + 40).toFixed(3)},${(i * 0.001 + 40.0005).toFixed(4)} `,
        ),
      ),
  },
  {
    name: 'a comb of 50,000 points',
    finds: 'polygon-crosses-itself',
    text: () =>
      polygon(
        times(24_900, (i) => `10.${String(i).padStart(5, '0')},0 10.${String(i).padStart(5, '0')},90 `),
      ),
  },
  {
    name: 'a line of 50,000 points',
    finds: 'polygon-flat',
    text: () =>
      polygon(
        `${times(49_900, (i) => `10.${String(i).padStart(5, '0')},10.${String(i).padStart(5, '0')} `)}10.00000,10.00000`,
      ),
  },
  {
    name: '30,000 references, all the same',
    finds: 'references-doubled',
    text: () => `${HEAD}<references>${'s,i,2026-11-20T09:30:00-00:00 '.repeat(30_000)}</references></alert>`,
  },
  {
    name: '30,000 references',
    refused: 'too-many-references',
    text: () =>
      `${HEAD}<references>${times(25_000, (i) => `s,${i},2026-11-20T09:30:00-00:00 `)}</references></alert>`,
  },
  {
    name: 'references of commas',
    finds: 'references-broken',
    text: () => `${HEAD}<references>${','.repeat(1_000_000)}</references></alert>`,
  },
  {
    name: '1 MB of spaces in a circle',
    finds: 'circle-unreadable',
    text: () =>
      `${HEAD}${INFO}<area><areaDesc>a</areaDesc><circle>1,1${' '.repeat(1_000_000)}x</circle></area></info></alert>`,
  },
  {
    name: '1 MB of spaces in a time',
    finds: 'date-time',
    text: () => `${HEAD.replace('2026-11-21T09:30:00-00:00', `${' '.repeat(1_000_000)}x`)}</alert>`,
  },
  {
    name: '160,000 beginnings of a tag',
    finds: 'language-missing',
    text: () => `${HEAD}${INFO}<description>${'&lt;a '.repeat(160_000)}</description></info></alert>`,
  },
  {
    name: 'a web address of 900,000 characters',
    finds: 'type',
    text: () => `${HEAD}${INFO}<web>${'a%'.repeat(450_000)}</web></info></alert>`,
  },
  {
    name: '600 signatures',
    finds: 'signature-invalid',
    text: () => `${HEAD}${signature.repeat(600)}</alert>`,
  },
  {
    name: 'nine signatures over 700 kB',
    finds: 'signature-invalid',
    text: () => `${HEAD}<note>${'x &lt; '.repeat(100_000)}</note>${signature.repeat(9)}</alert>`,
  },
  {
    name: 'names such as __proto__',
    finds: 'unknown-element',
    text: () => `${HEAD}<__proto__><constructor>x</constructor></__proto__><toString/></alert>`,
  },
  {
    name: 'an alert of one byte too many',
    refused: 'too-large',
    text: () => `${HEAD}<note>${'a'.repeat(1_048_576)}</note></alert>`,
  },
  {
    name: '3,800 alerts in one document',
    text: () => `<feed>${`${HEAD}</alert>`.repeat(3_800)}</feed>`,
  },
  {
    name: '9,000 alerts with eleven faults each',
    refused: 'too-many-faults',
    text: () =>
      `<feed>${'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><foo/><bar/>x</alert>'.repeat(9_000)}</feed>`,
  },
  {
    name: 'one reference packed with 30,000 identifiers',
    refused: 'too-many-references',
    text: () =>
      `${HEAD}<references>s,${times(30_000, (i) => `i${i} `)},2026-11-20T09:30:00-00:00</references></alert>`,
  },
  {
    name: 'one reference packed with the same identifier 99,000 times',
    finds: 'references-packed',
    text: () => `${HEAD}<references>s,${'a '.repeat(99_000)},2026-11-20T09:30:00-00:00</references></alert>`,
  },
  {
    name: '7,600 times and nothing else in references',
    refused: 'too-many-references',
    text: () => `${HEAD}<references>${'2026-11-20T09:30:00-00:00 '.repeat(7_600)}</references></alert>`,
  },
  {
    name: '9,000 elements of as many names beyond ASCII',
    finds: 'unknown-element',
    text: () => `${HEAD}${times(9_000, (i) => `<é${i}/>`)}</alert>`,
  },
  {
    name: '3,000 elements with two namespaces each',
    finds: 'unknown-element',
    text: () => `${HEAD}${times(3_000, (i) => `<x:f xmlns:x="u${i}" xmlns:y${i}="v"/>`)}</alert>`,
  },
  {
    name: 'a whole number of 190,000 digits that says it is an int',
    finds: 'unknown-attribute',
    text: () =>
      `${HEAD}${INFO}<resource><resourceDesc>r</resourceDesc><mimeType>a/b</mimeType><size xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ` +
      `xmlns:xs="http://www.w3.org/2001/XMLSchema" xsi:type="xs:int">${'9'.repeat(190_000)}</size></resource></info></alert>`,
  },
  {
    name: 'a latitude of 190,000 digits',
    finds: 'polygon-unreadable',
    text: () => polygon(`${'1'.repeat(190_000)},1`),
  },
  {
    name: 'a polygon in 11,000 CDATA sections',
    finds: 'polygon-flat',
    text: () => polygon('<![CDATA[1,1 ]]>'.repeat(11_000)),
  },
  {
    name: 'a spiral of 9,000 points that turns ever the same way',
    finds: 'polygon-open',
    text: () =>
      polygon(
        times(
          9_000,
          (i) =>
            `${(20 + 1e-3 * i * Math.sin(i / 2)).toFixed(5)},${(1e-3 * i * Math.cos(i / 2)).toFixed(5)} `,
        ),
      ),
  },
  {
    name: 'a scribble of 8,000 points all over the map',
    finds: 'polygon-crosses-itself',
    text: () =>
      polygon(
        times(
          8_000,
          (i) =>
            `${(((i * 7_919) % 8_000) * 0.01).toFixed(2)},${(((i * 104_729) % 8_000) * 0.01).toFixed(2)} `,
        ),
      ),
  },
  {
    name: '62 blocks of one language that contradict each other over the same area',
    finds: 'language-contradicts',
    text: () => {
      const block = (urgency: string): string =>
        `${INFO.replace('Past', urgency)}<area><areaDesc>a</areaDesc><polygon>${times(750, (i) => `${10 + i / 100},${i % 2} `)}</polygon></area></info>`;
      return `${HEAD}${(block('Past') + block('Future')).repeat(31)}</alert>`;
    },
  },
  {
    name: '66,000 double quotes in incidents',
    text: () => `${HEAD}<incidents>${'"a '.repeat(66_000)}</incidents></alert>`,
  },
  {
    name: '24,000 comments',
    text: () => `${HEAD}${'<!--a-->'.repeat(24_000)}</alert>`,
  },
  ...SIGNED,
  {
    name: '16,000 alerts of twelve bytes',
    refused: 'too-many-faults',
    text: () => `<f xmlns:c="${CAP}">${'<c:alert/>'.repeat(16_000)}</f>`,
  },
  {
    name: '105,000 empty blocks, seven to an alert',
    refused: 'too-many-faults',
    text: () => `<f xmlns="${CAP}">${`<alert>${'<info/>'.repeat(7)}</alert>`.repeat(15_000)}</f>`,
  },
  {
    name: '330,000 names of nothing in incidents',
    text: () => `${HEAD}<incidents>${'"" '.repeat(330_000)}</incidents></alert>`,
  },
  {
    name: '39,000 references to characters',
    text: () => `${HEAD}<note>${'&#65;'.repeat(39_000)}</note></alert>`,
  },
];
