import { describe, expect, it } from '@jest/globals';
import { readCap } from '../reading/read-cap.js';
import { capText } from '../testing/builders.js';
import { type FindingCode, RULES } from './finding.js';

const findingsOf = (text: string, lenient = false) =>
  readCap(Buffer.from(text), { lenient }).alerts[0]?.findings ?? [];
const codesOf = (text: string): string[] => findingsOf(text).map((each) => each.code);

type Row = readonly [code: FindingCode, path: string, parts: Record<string, string>];
const references = (text: string, msgType = 'Update') => ({
  msgType: `<msgType>${msgType}</msgType>`,
  references: `<references>${text}</references>`,
});
const resource = (inside: string) => ({
  resource: `<resource><resourceDesc>map</resourceDesc>${inside}</resource>`,
});
const polygon = (text: string) => ({ polygon: `<polygon>${text}</polygon>` });

/** One row per finding: what an alert must hold for it, and where it is said to be. */
const ROWS: readonly Row[] = [
  ['order', '/alert/info/category', { category: '', event: '<event>Flood</event><category>Met</category>' }],
  ['repeated', '/alert/info/event[2]', { event: '<event>Flood</event><event>Wind</event>' }],
  ['unknown-element', '/alert/banner', { source: '<banner>red</banner>' }],
  ['unknown-attribute', '/alert/info/event', { event: '<event lang="en">Flood</event>' }],
  ['stray-text', '/alert', { source: 'hello' }],
  ['missing', '/alert', { scope: '' }],
  ['missing', '/alert/info', { urgency: '' }],
  ['empty', '/alert/info/event', { event: '<event></event>' }],
  ['word', '/alert/status', { status: '<status>actual</status>' }],
  ['date-time', '/alert/sent', { sent: '<sent>2026-11-21T09:30:00Z</sent>' }],
  ['date-time', '/alert/info/expires', { expires: '<expires>2026-11-22T09:30:00.5-00:00</expires>' }],
  ['type', '/alert/info/area/altitude', { altitude: '<altitude>high</altitude>' }],
  ['identity-characters', '/alert/identifier', { identifier: '<identifier>FLOOD 1</identifier>' }],
  ['identity-characters', '/alert/sender', { sender: '<sender>a,b</sender>' }],
  ['references-missing', '/alert', { msgType: '<msgType>Cancel</msgType>' }],
  ['references-missing', '/alert/references', references(' ', 'Cancel')],
  ['references-broken', '/alert/references', references('ea@example.org,FLOOD-0')],
  ['references-untimed', '/alert/references', references('ea@example.org,FLOOD-0,yesterday')],
  [
    'references-packed',
    '/alert/references',
    references('ea@example.org,FLOOD-8 FLOOD-9,2026-11-20T09:30:00-00:00'),
  ],
  [
    'references-doubled',
    '/alert/references',
    references('a@b,F,2026-11-20T09:30:00-00:00 a@b,F,2026-11-20T09:30:00-00:00'),
  ],
  ['references-alert', '/alert/references', references('a@b,F,2026-11-20T09:30:00-00:00', 'Alert')],
  ['references-itself', '/alert/references', references('ea@example.org,FLOOD-1,2026-11-21T09:30:00+00:00')],
  ['identifier-reused', '/alert/references', references('ea@example.org,FLOOD-1,2026-11-20T09:30:00+00:00')],
  ['references-later', '/alert/references', references('ea@example.org,FLOOD-2,2026-11-22T09:30:00-00:00')],
  ['cancel-keeps-urgency', '/alert/info/urgency', references('a@b,F,2026-11-20T09:30:00-00:00', 'Cancel')],
  [
    'msgtype-withdraws',
    '/alert/msgType',
    { ...references('a@b,F,2026-11-20T09:30:00-00:00'), event: '<event>Tsunami Cancellation</event>' },
  ],
  ['unknown-msgtype', '/alert/msgType', { msgType: '<msgType>Warning</msgType>' }],
  ['restriction', '/alert/scope', { scope: '<scope>Restricted</scope>' }],
  ['restriction', '/alert/restriction', { restriction: '<restriction>crews</restriction>' }],
  ['addresses', '/alert/scope', { scope: '<scope>Private</scope>' }],
  ['polygon-unreadable', '/alert/info/area/polygon', polygon('53.1 0.2 53.1')],
  ['polygon-form', '/alert/info/area/polygon', polygon('53.1,0.2, 53.1,0.3, 53.2,0.3, 53.1,0.2')],
  ['polygon-form', '/alert/info/area/polygon', polygon('53.1,0.2\n\t53.1,0.3\n53.2,0.3 53.1,0.2')],
  ['polygon-few-points', '/alert/info/area/polygon', polygon('53.1,0.2 53.1,0.3 53.1,0.2')],
  ['polygon-open', '/alert/info/area/polygon', polygon('53.1,0.2 53.1,0.3 53.2,0.3 53.2,0.2')],
  ['polygon-crosses-itself', '/alert/info/area/polygon', polygon('0,0 1,1 1,0 0,1 0,0')],
  ['polygon-touches-itself', '/alert/info/area/polygon', polygon('0,0 0,2 1,1 2,2 2,0 1,1 0,0')],
  ['polygon-flat', '/alert/info/area/polygon', polygon('0,0 0,1 0,2 0,0')],
  ['polygon-antimeridian', '/alert/info/area/polygon', polygon('-17,179 -17,-179 -18,-179 -17,179')],
  ['out-of-range', '/alert/info/area/polygon', polygon('100,0 101,0 101,1 100,0')],
  ['circle-unreadable', '/alert/info/area/circle', { circle: '<circle>53.1,0.2</circle>' }],
  ['circle-radius', '/alert/info/area/circle', { circle: '<circle>55.3,-134.9 0.0</circle>' }],
  ['no-geometry', '/alert/info/area', { polygon: '' }],
  ['ceiling', '/alert/info/area/ceiling', { ceiling: '<ceiling>100</ceiling>' }],
  [
    'ceiling',
    '/alert/info/area/ceiling',
    { altitude: '<altitude>200</altitude>', ceiling: '<ceiling>100</ceiling>' },
  ],
  ['language-missing', '/alert/info', { language: '' }],
  ['language-odd', '/alert/info/language', { language: '<language>english</language>' }],
  ['markup', '/alert/info/description', { description: '<description>&lt;b&gt;Run&lt;/b&gt;</description>' }],
  ['markup', '/alert/info/description', { description: '<description>sea &amp;amp; sand</description>' }],
  ['web-relative', '/alert/info/web', { web: '<web>www.example.org</web>' }],
  ['uri-relative', '/alert/info/resource/uri', resource('<mimeType>image/png</mimeType><uri>map.png</uri>')],
  [
    'attachment-broken',
    '/alert/info/resource/derefUri',
    resource('<mimeType>image/png</mimeType><derefUri>not base64!</derefUri>'),
  ],
  ['mime-type', '/alert/info/resource/mimeType', resource('<mimeType>picture</mimeType>')],
  [
    'size-wrong',
    '/alert/info/resource/size',
    resource('<mimeType>image/png</mimeType><size>9</size><derefUri>AAAA</derefUri>'),
  ],
  [
    'digest-wrong',
    '/alert/info/resource/digest',
    resource('<mimeType>image/png</mimeType><derefUri>AAAA</derefUri><digest>00ff</digest>'),
  ],
  ['incidents', '/alert/incidents', { incidents: '<incidents>"Storm Dennis</incidents>' }],
  ['code-empty', '/alert/code', { code: '<code></code>' }],
  ['test-text', '/alert/info/description', { description: '<description>THIS IS A TEST</description>' }],
  [
    'signature-place',
    '/alert/Signature',
    { restriction: '', source: '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>' },
  ],
  [
    'signature-invalid',
    '/alert/Signature',
    { tail: '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>' },
  ],
  ['expires-missing', '/alert/info', { expires: '' }],
  ['expires-early', '/alert/info/expires', { onset: '<onset>2026-11-23T09:30:00-00:00</onset>' }],
];

describe('the checks', () => {
  it('find nothing in an alert that is as it should be', () => expect(findingsOf(capText())).toEqual([]));

  it.each(ROWS)('find %s at %s', (code, path, parts) => {
    const found = findingsOf(capText(parts)).filter((each) => each.code === code);
    expect(found).toEqual([
      expect.objectContaining({
        code,
        path,
        check: RULES[code].check,
        section: RULES[code].section,
        message: expect.stringMatching(/^.{10,}\.$/s),
      }),
    ]);
  });

  it('have a row here for every rule that one alert alone can break', () => {
    const elsewhere = [
      'namespace',
      'limit',
      'untranslated',
      'language-sequence',
      'language-contradicts',
      'older-version',
    ];
    const signatures = ['signature-unverified', 'signature-weak'];
    const tried = new Set<string>([...ROWS.map(([code]) => code), ...elsewhere, ...signatures, 'profile']);
    expect(Object.keys(RULES).filter((code) => !tried.has(code))).toEqual([]);
  });

  it('name everything that is wrong, not the first', () => {
    const codes = codesOf(
      capText({
        scope: '',
        msgType: '<msgType>Cancel</msgType>',
        language: '',
        ...polygon('0,0 1,1 1,0 0,1'),
      }),
    );
    expect(codes).toEqual([
      'missing',
      'cancel-keeps-urgency',
      'references-missing',
      'language-missing',
      'polygon-open',
      'polygon-crosses-itself',
    ]);
  });

  it('soften what can still be read in lenient mode, and leave the schema’s verdict as it is', () => {
    const text = capText({ sent: '<sent>2026-11-21T09:30:00Z</sent>', status: '<status>actual</status>' });
    const levels = (lenient: boolean) => findingsOf(text, lenient).map(({ code, level }) => [code, level]);
    expect(levels(false)).toEqual([
      ['date-time', 'reject'],
      ['word', 'reject'],
    ]);
    expect(levels(true)).toEqual([
      ['date-time', 'error'],
      ['word', 'reject'],
    ]);
    expect(readCap(Buffer.from(text), { lenient: true }).alerts[0]?.valid).toBe(false);
  });

  const info = (language: string, description: string, severity = 'Severe') =>
    `<info><language>${language}</language><category>Met</category><event>Flood</event><urgency>Immediate</urgency>` +
    `<severity>${severity}</severity><certainty>Likely</certainty><description>${description}</description></info>`;

  it('name a block in Welsh that is still in English', () => {
    const text = 'The Steeping is rising and will top its banks.';
    expect(codesOf(capText({ info: info('en-GB', text) + info('cy-GB', text) }))).toContain('untranslated');
    expect(
      codesOf(capText({ info: info('en-GB', text) + info('cy-GB', 'Mae lefel yr afon yn codi heno.') })),
    ).not.toContain('untranslated');
  });

  it('read blocks of one language as one sequence, and name a later one that contradicts', () => {
    expect(codesOf(capText({ info: info('en-GB', 'one') + info('en-GB', 'two') }))).toContain(
      'language-sequence',
    );
    expect(codesOf(capText({ info: info('en-GB', 'one') + info('en-GB', 'two', 'Minor') }))).toContain(
      'language-contradicts',
    );
  });

  it('stop listing after a thousand, and say how many are left out', () => {
    const found = findingsOf(capText({ tail: '<x/>'.repeat(1_500) }));
    expect(found).toHaveLength(1_001);
    expect(found.at(-1)).toMatchObject({ code: 'limit', message: '500 more findings are left out.' });
  });
});
