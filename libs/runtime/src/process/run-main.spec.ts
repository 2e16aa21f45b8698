import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigurationWrong, operatorSentence } from '#runtime';

const thrownBy = (work: () => Promise<unknown>): Promise<unknown> =>
  work().then(
    () => undefined,
    (error: unknown) => error,
  );

describe('what is said when a process cannot start', () => {
  it('is the message alone where an operator can mend it', () => {
    const wrong = new ConfigurationWrong([{ key: 'MODE', message: 'is not set' }]);
    expect(operatorSentence(wrong)).toBe('configuration is wrong: ✖ is not set → at MODE');
  });

  it('names the port that another program has, and says what to do', async () => {
    const first = createServer();
    await new Promise<void>((resolve) => first.listen(0, '127.0.0.1', resolve));
    const { port } = first.address() as { port: number };
    const error = await thrownBy(
      () =>
        new Promise((_, reject) => {
          createServer().once('error', reject).listen(port, '127.0.0.1');
        }),
    );
    first.close();
    expect(operatorSentence(error)).toBe(
      `port ${port} of 127.0.0.1 is taken by another program: stop that one, or choose another port`,
    );
  });

  it('says when the address is not of this machine', async () => {
    const error = await thrownBy(
      () => new Promise((_, reject) => createServer().once('error', reject).listen(0, '192.0.2.1')), // RFC 5737: nobody's
    );
    expect(operatorSentence(error)).toMatch(/^192\.0\.2\.1 is not an address of this machine: correct HOST$/);
  });

  it('names the folder that is a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'larum-main-'));
    const file = join(folder, 'data');
    writeFileSync(file, '');
    const error = await thrownBy(() => mkdir(join(file, 'postgres'), { recursive: true }));
    rmSync(folder, { recursive: true });
    expect(operatorSentence(error)).toMatch(/a part of it is a file and not a folder: mend that/);
  });

  it('leaves a fault of ours its stack', () => {
    expect(operatorSentence(new TypeError('x is not a function'))).toBeUndefined();
    expect(operatorSentence('a thrown text')).toBeUndefined();
    expect(operatorSentence(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))).toBeUndefined();
  });
});
