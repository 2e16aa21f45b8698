import { describe, expect, it } from '@jest/globals';
import { seeded } from '../testing/damage/mutate.js';
import { NumberScan, pieceOf, textOfPiece } from './number-scan.js';
import { parseCircle, parsePolygon } from './parse-shapes.js';
import { PolygonTexts } from './polygon-texts.js';
import { openSource } from '../intake/source.js';
import { childElements } from '../xml/tree.js';
import { parseXml } from '../xml/parse-xml.js';

const numberIn = (text: string): number => new NumberScan(pieceOf(text)).number();

describe('a number in a polygon', () => {
  it.each([
    '0',
    '-0',
    '7',
    '007',
    '53.10569',
    '-0.24453',
    '+1.5',
    '.5',
    '-.5',
    '5.',
    '54.377851258',
    '54.37785125812345',
    '54.377851258123456789',
    '0.1',
    '0.3',
    '179.999999999',
    '123456789',
    '1234567890',
    '123456789012345',
    '1234567890123456',
    '0.000000000000001',
    '0.0000000000000000001',
    '00000000000000000000053.5',
    '2147483648.5',
    '4294967296.25',
    '9'.repeat(30),
    `0.${'0'.repeat(40)}1`,
  ])('is exactly what the language makes of %s', (text) => {
    expect(Object.is(numberIn(text), Number(text))).toBe(true);
  });

  it('is exactly what the language makes of it, in 50,000 random ones (seed 23)', () => {
    const random = seeded(23);
    const digits = (most: number): string =>
      Array.from({ length: random(most + 1) }, () => random(10)).join('');
    for (let run = 0; run < 50_000; run += 1) {
      const text = `${['', '-', '+'][random(3)] ?? ''}${random(10)}${digits(random(4) === 0 ? 18 : 3)}.${digits(18)}`;
      const ours = numberIn(text);
      if (!Object.is(ours, Number(text))) throw new Error(`${text} was read as ${ours}`);
    }
  });

  it.each(['', '-', '+', '.', '-.', 'x', ',', ' 1', '--1', 'NaN', 'Infinity', '٣'])(
    'is not there in %j',
    (text) => expect(numberIn(text)).toBeNaN(),
  );

  it('ends where something else begins, and the scan stands there', () => {
    for (const [text, value, at] of [
      ['53.1,0.2', 53.1, 4],
      ['12 13', 12, 2],
      ['1e3', 1, 1],
      ['1.2.3', 1.2, 3],
      ['1-2', 1, 1],
    ] as const) {
      const scan = new NumberScan(pieceOf(text));
      expect([scan.number(), scan.at]).toEqual([value, at]);
    }
  });
});

describe('a piece of text', () => {
  it('says what it holds, or the beginning of it', () => {
    expect(textOfPiece(pieceOf('53.1,0.2'))).toBe('53.1,0.2');
    expect(textOfPiece(pieceOf('53.1,0.2'), 4)).toBe('53.1');
  });

  it('has nulls for letters beyond ISO-8859-1, which could otherwise pass for digits', () => {
    // U+0131 ends in the same byte as "1".
    expect(parsePolygon('\u0131,2 3,4')).toHaveProperty('wrong');
    expect(textOfPiece(pieceOf('a\u0131é'))).toBe('a\0é');
  });
});

describe('a polygon', () => {
  it.each([
    ['53.1,0.2 53.1,0.3 53.2,0.3', 'proper'],
    ['  53.1,0.2  53.1,0.3\u00a053.2,0.3\n', 'proper'],
    ['\n\t53.1,0.2 53.1,0.3 53.2,0.3\t\n', 'proper'],
    ['53.1,0.2\n53.1,0.3\n53.2,0.3', 'lines'],
    ['53.1,0.2\t53.1,0.3 53.2,0.3', 'lines'],
    ['53.1,0.2 53.1,0.3 53.2\n,0.3', 'lines'],
    ['53.1,0.2, 53.1,0.3, 53.2,0.3', 'comma'],
    ['53.1,0.2 53.1,0.3 53.2,0.3,', 'comma'],
    ['53.1, 0.2 53.1, 0.3 53.2, 0.3', 'comma'],
    ['53.1,0.2,\n53.1,0.3,\n53.2,0.3', 'comma'],
  ])('in %j is read, and its form is %s', (text, form) => {
    const points = [
      [53.1, 0.2],
      [53.1, 0.3],
      [53.2, 0.3],
    ];
    expect(parsePolygon(text)).toEqual({ points, form });
  });

  it('that is wrong is shown from where it is wrong, thirty characters at most', () => {
    const found = parsePolygon(`53.1,0.2 53.1;0.3 ${'9'.repeat(100)}`);
    expect(found).toEqual({
      wrong: '"53.1;0.3 999999999999999999999" is not a pair of latitude and longitude',
    });
    expect(parsePolygon(' \n ')).toEqual({ wrong: 'it is empty' });
  });

  it('in letters beyond U+00FF is shown as it stands, not as nulls', () => {
    expect(parsePolygon('53.1,0.2 北緯35度')).toEqual({
      wrong: '"北緯35度" is not a pair of latitude and longitude',
    });
  });
});

describe('a circle', () => {
  it.each([
    ['53.1,0.2 3', [53.1, 0.2], 3],
    ['-53.1,-0.2 0', [-53.1, -0.2], 0],
    ['53.1,0.2\n\t12.5', [53.1, 0.2], 12.5],
    ['53.1, 0.2, 3', [53.1, 0.2], 3],
    ['+53.,.2 3', [53, 0.2], 3],
  ])('in %j is read', (text, centre, radiusKm) =>
    expect(parseCircle(text)).toEqual({ circle: { centre, radiusKm } }),
  );

  it.each([
    '53.1,0.2',
    '53.1 0.2 3',
    '53.1,0.2 3 km',
    '53.1,0.2 1e3',
    '53.1,0.2 3 4',
    'here',
    '',
    `1,2 ${'9'.repeat(400)}`,
  ])('is not guessed from %.20j', (text) => expect(parseCircle(text)).toHaveProperty('wrong'));
});

describe('the polygons of one alert', () => {
  const read = (...written: readonly string[]) => {
    const source = openSource(
      Buffer.from(`<area>${written.map((each) => `<polygon>${each}</polygon>`).join('')}</area>`),
    );
    const texts = new PolygonTexts(source.bytes);
    return childElements(parseXml(source).root).map((each) => texts.read(each));
  };
  const square = '0,0 0,1 1,1 0,0';

  it.each([
    ['plain', square],
    ['with a comment inside', '0,0 0,1 <!-- corner -->1,1 0,0'],
    ['in CDATA', `<![CDATA[${square}]]>`],
    ['with references', '0,0 0,1&#x20;1,1 0&#44;0'],
    ['in Windows line ends', '0,0\r\n0,1\r\n1,1\r\n0,0'],
  ])('are read %s', (_, written) => {
    const [found] = read(written);
    expect(found).toMatchObject({
      points: [
        [0, 0],
        [0, 1],
        [1, 1],
        [0, 0],
      ],
    });
  });

  it('with letters of several bytes are wrong, and nothing behind them is read as theirs', () =>
    expect(read(`é${square}`, square)).toMatchObject([{ wrong: expect.any(String) }, { form: 'proper' }]));

  it('that say the same are the same points, however often they stand there', () => {
    const [one, other, third] = read(square, '0,0 0,2 2,2 0,0', square);
    const again = read(square, square);
    expect(again[0]).toBe(again[1]);
    expect([one, third].map((each) => each && 'points' in each && each.points.length)).toEqual([4, 4]);
    expect(other).toMatchObject({
      points: [
        [0, 0],
        [0, 2],
        [2, 2],
        [0, 0],
      ],
    });
  });

  it('of equal length and other words are not taken for one another', () => {
    const [one, other] = read(square, '0,0 0,1 1,2 0,0');
    expect(one).not.toEqual(other);
  });
});
