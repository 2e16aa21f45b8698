import { describe, expect, it } from '@jest/globals';
import { NAMESPACES } from '../model/alert.js';
import { readCap } from '../reading/read-cap.js';
import { seeded } from '../testing/damage/mutate.js';
import { schemaOracle } from '../testing/schema-oracle.js';

const oracle = schemaOracle();
const withOracle = oracle === undefined ? describe.skip : describe;
if (oracle === undefined)
  console.warn('SKIPPED: simple types are not compared with libxml2. Set REAL_INPUT_DIR.');

const SEED = Number(process.env['CAP_FUZZ_SEED'] ?? 20261121);
const RUNS = Number(process.env['CAP_FUZZ_RUNS'] ?? 800);

const inside = (
  version: '1.1' | '1.2',
  { sent = '2026-11-21T09:30:00-00:00', info = '', resource = '', area = '' },
): Buffer =>
  Buffer.from(
    `<alert xmlns="${NAMESPACES[version]}"><identifier>i</identifier><sender>s</sender><sent>${sent}</sent><status>Actual</status>` +
      `<msgType>Alert</msgType><scope>Public</scope><info>${info.startsWith('<language') ? info : ''}<category>Met</category><event>e</event>` +
      `<urgency>Past</urgency><severity>Minor</severity><certainty>Likely</certainty>${info.startsWith('<language') ? '' : info}` +
      `<resource><resourceDesc>r</resourceDesc><mimeType>m</mimeType>${resource}</resource><area><areaDesc>a</areaDesc>${area}</area></info></alert>`,
  );

type Case = {
  readonly name: string;
  readonly version: '1.1' | '1.2';
  readonly parts: readonly string[];
  readonly document: (text: string) => Buffer;
};

const CASES: readonly Case[] = [
  {
    name: 'xs:anyURI',
    version: '1.2',
    parts: [
      ...':/?#[]@!$&\'()*+,;=-._~%|\\^`{}" aZ0',
      'http://',
      'h',
      '%2',
      '%41',
      '&lt;',
      '&gt;',
      '&amp;',
      'é',
      ':80',
      '[::1]',
      '..',
      '\t',
      '&#127;',
    ],
    document: (text) => inside('1.2', { info: `<web>${text}</web>` }),
  },
  {
    name: 'xs:integer',
    version: '1.2',
    parts: ['0', '1', '9', '000000', '12345678', '+', '-', '.', ' ', '\n', 'e', '٣', ''],
    document: (text) => inside('1.2', { resource: `<size>${text}</size>` }),
  },
  {
    name: 'xs:decimal',
    version: '1.2',
    parts: ['0', '1', '9', '000000', '12345678', '+', '-', '.', '.', ' ', '\n', 'e', ''],
    document: (text) => inside('1.2', { area: `<altitude>${text}</altitude>` }),
  },
  {
    name: 'xs:language',
    version: '1.2',
    parts: ['e', 'en', 'GB', '-', '-', 'x', 'i', '1', 'abcdefg', ' ', '_', '\n', 'é'],
    document: (text) => inside('1.2', { info: `<language>${text}</language>` }),
  },
  ...(['1.1', '1.2'] as const).map((version): Case => ({
    name: `xs:dateTime of CAP ${version}`,
    version,
    parts: [],
    document: (text) => inside(version, { sent: text }),
  })),
];

withOracle('the simple types of the schema', () => {
  it.each(CASES)(`$name is libxml2’s for ${RUNS} texts (seed ${SEED})`, ({ version, parts, document }) => {
    const random = seeded(SEED);
    const differences: unknown[] = [];
    const verdicts = new Set<boolean>();
    for (let run = 0; run < RUNS; run += 1) {
      const length = 1 + random(9);
      const text =
        parts.length === 0
          ? dateTimeText(random)
          : Array.from({ length }, () => parts[random(parts.length)] ?? '').join('');
      const bytes = document(text);
      const theirs = oracle?.(bytes, version);
      if (theirs === undefined) continue;
      verdicts.add(theirs.valid);
      if (readCap(bytes).alerts[0]?.valid !== theirs.valid) differences.push({ text, theirs: theirs.valid });
    }
    expect(differences).toEqual([]);
    expect(verdicts.size).toBe(2);
  });
});

function dateTimeText(random: (most: number) => number): string {
  const pick = (...texts: readonly string[]): string => texts[random(texts.length)] ?? '';
  const usual = (text: string, ...rare: readonly string[]): string => (random(5) > 0 ? text : pick(...rare));
  return [
    usual('', ' ', '-', '\n', '+'),
    usual('2026', '0000', '0001', '02026', '12026', '99999999999999999999', '1900', '2000', '2024', '226'),
    usual('-', '/', ''),
    pick('01', '02', '04', '11', '12', usual('05', '13', '00', '1')),
    '-',
    pick('01', '28', '29', '30', usual('31', '32', '00', '1')),
    usual('T', 't', ' ', ''),
    pick('00', '09', '23', usual('24', '25', '9')),
    ':',
    usual('00', '59', '60', '5'),
    usual(':', ''),
    usual('00', '59', '60', '61', ''),
    usual('', '.0', '.000', '.5', '.', '.123456789012345678901234567890'),
    pick(
      '-00:00',
      '+01:00',
      usual(
        'Z',
        '',
        'z',
        '+14:00',
        '-14:00',
        '+14:01',
        '-13:59',
        '+15:00',
        '+0100',
        '+01',
        ',00:00',
        '+23:59',
        '-00:60',
      ),
    ),
    usual('', ' ', 'x', '\n'),
  ].join('');
}
