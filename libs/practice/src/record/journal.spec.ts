import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Journal } from './journal.js';

type Arrival = { to: string; text?: string };

describe('the journal of the practice world', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'larum-journal-'));
    path = join(folder, 'world.jsonl');
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function reopened(): Promise<Arrival[]> {
    const facts: Arrival[] = [];
    const journal = await Journal.open<Arrival>(path);
    try {
      await journal.recall((fact) => facts.push(fact));
      return facts;
    } finally {
      await journal.close();
    }
  }

  it('tells after a restart everything that it answered, oldest first', async () => {
    const journal = await Journal.open<Arrival>(path);
    await Promise.all(['ann', 'bob', 'cai'].map((to) => journal.append({ to })));
    await journal.close();
    expect(await reopened()).toEqual([{ to: 'ann' }, { to: 'bob' }, { to: 'cai' }]);
  });

  it('cuts off the half line that a killed process left, and writes on cleanly after it', async () => {
    await writeFile(path, '{"to":"ann"}\n{"to":"bo');
    expect(await reopened()).toEqual([{ to: 'ann' }]);
    const journal = await Journal.open<Arrival>(path);
    await journal.recall(() => {});
    expect(await readFile(path, 'utf8')).toContain('"bo'); // nothing is cut before there is something to write
    await journal.append({ to: 'cai' });
    await journal.close();
    expect(await readFile(path, 'utf8')).toBe('{"to":"ann"}\n{"to":"cai"}\n');
  });

  it('refuses to start on a damaged line and says where it is', async () => {
    await writeFile(path, '{"to":"ann"}\n{"to":nonsense}\n{"to":"cai"}\n');
    await expect(reopened()).rejects.toThrow(/damaged at byte 13: move the file away/);
  });

  it('reads one fact back by its place', async () => {
    const journal = await Journal.open<Arrival>(path);
    await journal.append({ to: 'ann' });
    const span = await journal.append({ to: 'bob', text: 'Cae o dŵr, peidiwch â theithio\nnawr' });
    expect(await journal.read(span)).toEqual({ to: 'bob', text: 'Cae o dŵr, peidiwch â theithio\nnawr' });
    await journal.close();
  });

  it('reads a file larger than one piece without losing or doubling a line', async () => {
    const text = 'x'.repeat(700_000);
    const lines = ['a', 'b', 'c', 'd'].map((to) => JSON.stringify({ to, text }));
    await appendFile(path, `${lines.join('\n')}\n`);
    expect((await reopened()).map((fact) => [fact.to, fact.text?.length])).toEqual([
      ['a', 700_000],
      ['b', 700_000],
      ['c', 700_000],
      ['d', 700_000],
    ]);
  });
});
