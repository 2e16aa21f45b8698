import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { csvLines } from './csv-lines.js';

const HEADER = ['address', 'language', 'lat', 'lon', 'consent'];
const ANN = ['ann@example.org', 'en-GB', '53.1', '0.24', 'yes'];
const ann = Object.fromEntries(HEADER.map((name, at) => [name, ANN[at]]));

async function read(...parts: (string | Buffer)[]) {
  const lines = [];
  for await (const line of csvLines('email', Readable.from(parts))) lines.push(line);
  return lines;
}
const csv = (separator: string, ...rows: readonly string[][]) =>
  rows.map((row) => row.join(separator)).join('\r\n');

describe('what a spreadsheet saves', () => {
  it.each([',', ';'])('is read when its columns are separated by %j', async (separator) => {
    expect(await read(csv(separator, HEADER, ANN))).toEqual([{ line: 2, fields: ann }]);
  });

  it('keeps a comma inside a field of a file with semicolons, and the reverse', async () => {
    const [semicolons] = await read(csv(';', [...HEADER, 'name'], [...ANN, 'Lee, Ann']));
    const [commas] = await read(csv(',', [...HEADER, 'name'], [...ANN, 'Lee; Ann']));
    expect([semicolons?.fields, commas?.fields]).toEqual([
      { ...ann, name: 'Lee, Ann' },
      { ...ann, name: 'Lee; Ann' },
    ]);
  });

  it('says which column is missing, whatever separates the others', async () => {
    await expect(read('address;language;lat;lon\n')).rejects.toThrow('these columns: consent');
    await expect(read('address;language,lat,lon,consent\n')).rejects.toThrow('address, language');
  });

  it('is read the same however it is cut on its way', async () => {
    const bytes = Buffer.from(`\uFEFF${csv(';', [...HEADER, 'name'], [...ANN, 'Siân 🌊'])}`);
    const cut = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
    expect(await read(...cut)).toEqual([{ line: 2, fields: { ...ann, name: 'Siân 🌊' } }]);
  });
});

describe('a file that is not UTF-8', () => {
  const text = csv(',', HEADER, [...ANN.slice(0, 4), 'sí']);
  it.each<[string, Buffer]>([
    ['Latin-1', Buffer.from(text, 'latin1')],
    ['UTF-16', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-8 that breaks off within a character', Buffer.from(text).subarray(0, -1)],
  ])('is refused by that name, with how to save it: %s', async (_, bytes) => {
    await expect(read(bytes)).rejects.toThrow(/^the file is not UTF-8: save it again as "CSV UTF-8"/);
  });

  it('is refused although only a later part of it is not', async () => {
    await expect(read(`${csv(',', HEADER, ANN)}\r\n`, Buffer.from('é', 'latin1'))).rejects.toThrow(
      'not UTF-8',
    );
  });
});

it('a file that is refused at its first line is closed, not read to its end', async () => {
  const csv = Readable.from([Buffer.from('name\nAnn\n'), Buffer.from('Bob\n')]);
  const closed = new Promise((resolve) => csv.once('close', resolve));
  await expect(csvLines('email', csv).next()).rejects.toThrow('does not name these columns');
  await closed;
});
