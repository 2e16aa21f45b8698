import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { ConfigurationWrong, operatorSentence, runMain } from '#runtime';

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

  it.each([
    ['ENOSPC', 'the disk is full'],
    ['EDQUOT', 'this user’s share of the disk is full'],
    ['EROFS', 'the disk takes no writing'],
    ['EACCES', 'this user may not write or read there'],
    ['EPERM', 'this user may not write or read there'],
    ['ENOENT', 'it is not there'],
    ['EISDIR', 'it is a folder and not a file'],
  ])('says of %s what it means, and where', (code, meaning) => {
    const error = Object.assign(new Error(`${code}: something`), {
      code,
      syscall: 'open',
      path: '/data/larum.log',
    });
    expect(operatorSentence(error)).toBe(
      `/data/larum.log cannot be used, because ${meaning}: mend that, or name another folder`,
    );
  });

  it('says that a low port is not for everybody', () => {
    const about = { code: 'EACCES', syscall: 'listen', port: 80, address: '127.0.0.1' };
    expect(operatorSentence(Object.assign(new Error('x'), about))).toBe(
      'port 80 of 127.0.0.1 is not for this user to listen on: choose a port above 1023',
    );
  });

  it('says that a name has no address', async () => {
    const error = await thrownBy(
      () => new Promise((_, reject) => createServer().once('error', reject).listen(0, 'larum.invalid')), // RFC 6761: nobody's
    );
    expect(operatorSentence(error)).toBe(
      'no address is known for larum.invalid: correct the setting that names it, such as HOST',
    );
  });

  it('says nothing of its own about a failure that it has no words for', () => {
    const listen = Object.assign(new Error('x'), { code: 'EMFILE', syscall: 'listen' });
    const file = Object.assign(new Error('x'), { code: 'EIO', syscall: 'read', path: '/data' });
    const noPlace = Object.assign(new Error('x'), { code: 'ENOSPC' });
    expect([listen, file, noPlace].map(operatorSentence)).toEqual([undefined, undefined, undefined]);
  });

  it('ends the process with code 1, after the sentence or the whole stack', async () => {
    const said: unknown[] = [];
    const codes: unknown[] = [];
    const exit = jest.spyOn(process, 'exit').mockImplementation((code) => {
      codes.push(code);
      return undefined as never;
    });
    const fault = new TypeError('x is not a function');
    await runMain(
      () => Promise.reject(new ConfigurationWrong([{ key: 'MODE', message: 'is not set' }])),
      (one) => said.push(one),
    );
    await runMain(
      () => Promise.reject(fault),
      (one) => said.push(one),
    );
    await runMain(
      () => Promise.resolve(),
      (one) => said.push(one),
    );
    exit.mockRestore();
    expect(said).toEqual(['configuration is wrong: ✖ is not set → at MODE', fault]);
    expect(codes).toEqual([1, 1]);
  });

  it('leaves a fault of ours its stack', () => {
    expect(operatorSentence(new TypeError('x is not a function'))).toBeUndefined();
    expect(operatorSentence('a thrown text')).toBeUndefined();
    expect(operatorSentence(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))).toBeUndefined();
  });
});
