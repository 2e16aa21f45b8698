import { describe, expect, it } from '@jest/globals';
import { DatabaseAway } from '#postgres';
import { silentLog } from '#runtime';
import { warning } from '../testing/index.js';
import { OnRecord } from './on-record.js';

const key = { warningId: warning(1), version: 1, act: 'issue' as const, chunk: 0 };
const away = () => new DatabaseAway(new Error('terminating connection due to administrator command'));
const failed = (code: string) => Object.assign(new Error('the statement failed'), { code });

/** A write that fails with these errors, one after the other, and works then. */
function write(...errors: Error[]): { tries: number; run: () => Promise<string> } {
  const one = {
    tries: 0,
    run: async () => {
      one.tries += 1;
      const error = errors.shift();
      if (error !== undefined) throw error;
      return 'written';
    },
  };
  return one;
}

describe('what only this process knows', () => {
  it.each<[string, () => Error]>([
    ['was away', away],
    ['chose it as the victim of a deadlock', () => failed('40P01')],
    ['could not serialise it', () => failed('40001')],
  ])('is written again when the database %s', async (_, error) => {
    const one = write(error(), error());
    expect(await new OnRecord(silentLog).put(key, one.run, new AbortController().signal)).toBe('written');
    expect(one.tries).toBe(3);
  });

  it.each(['23514', '42601'])(
    'is not tried for ever where trying again changes nothing: %s',
    async (code) => {
      const one = write(failed(code));
      await expect(
        new OnRecord(silentLog).put(key, one.run, new AbortController().signal),
      ).rejects.toMatchObject({
        code,
      });
      expect(one.tries).toBe(1);
    },
  );

  it('is tried once more when the process is told to stop, and then left', async () => {
    const stop = new AbortController();
    const one = write(...Array.from({ length: 20 }, away));
    const putting = new OnRecord(silentLog).put(key, one.run, stop.signal);
    expect(one.tries).toBe(1);
    stop.abort();
    await expect(putting).rejects.toThrow('the database does not answer');
    expect(one.tries).toBe(2);
  });

  it('is not waited for when the database keeps silent at a stop', async () => {
    const stop = new AbortController();
    const putting = new OnRecord(silentLog).put(key, () => new Promise<string>(() => {}), stop.signal);
    stop.abort();
    await expect(putting).rejects.toThrow('did not answer before the stop');
  });

  it('is tried once more when the process was stopping already', async () => {
    const one = write(away());
    expect(await new OnRecord(silentLog).put(key, one.run, AbortSignal.abort())).toBe('written');
  });

  it('is waited for by whoever would take the chunk in the same process, and by nobody else', async () => {
    const onRecord = new OnRecord(silentLog);
    const one = write(away());
    const putting = onRecord.put(key, one.run, new AbortController().signal);
    await onRecord.told({ ...key, chunk: 1 });
    expect(one.tries).toBe(1);
    await onRecord.told(key);
    expect(one.tries).toBe(2);
    await putting;
    await onRecord.told(key);
  });

  it('and never came onto the record keeps nobody waiting', async () => {
    const onRecord = new OnRecord(silentLog);
    const putting = onRecord.put(key, write(failed('42601')).run, new AbortController().signal);
    const told = onRecord.told(key);
    await expect(putting).rejects.toThrow('the statement failed');
    await told;
  });
});
