import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { expectFreePorts, PortsTaken } from './free-ports.js';

let others: Server[] = [];
afterEach(async () => {
  for (const other of others) await new Promise((resolve) => other.close(resolve));
  others = [];
});

/** A port that another program listens on. */
async function taken(): Promise<number> {
  const other = createServer();
  others.push(other);
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  return (other.address() as { port: number }).port;
}

/** A port that nobody listens on: somebody did a moment ago. */
async function free(): Promise<number> {
  const port = await taken();
  await new Promise((resolve) => others.pop()?.close(resolve));
  return port;
}

const saidOf = (host: string, ports: number[]): Promise<string> =>
  expectFreePorts(host, ports).then(
    () => 'nothing',
    (error: Error) => error.message,
  );

describe('the ports of a start', () => {
  it('that are free stay free', async () => {
    const ports = [await free(), await free()];
    expect(await saidOf('127.0.0.1', ports)).toBe('nothing');
    expect(await saidOf('127.0.0.1', ports)).toBe('nothing');
  });

  it('are named when another program has one, with what to do', async () => {
    const port = await taken();
    expect(await saidOf('127.0.0.1', [await free(), port])).toBe(
      `port ${port} of 127.0.0.1 is taken by another program: stop that one, or choose another port with PORT=…`,
    );
    await expect(expectFreePorts('127.0.0.1', [port])).rejects.toBeInstanceOf(PortsTaken);
  });

  it('are named all at once, not one start after the other', async () => {
    const ports = [await taken(), await taken(), await taken()];
    expect(await saidOf('127.0.0.1', ports)).toMatch(
      new RegExp(`^ports ${ports[0]}, ${ports[1]} and ${ports[2]} of 127\\.0\\.0\\.1 are taken`),
    );
  });

  it('of an address that is not ours are refused by the system’s own error, which a start can explain', async () => {
    await expect(expectFreePorts('192.0.2.1', [0])).rejects.toMatchObject({
      code: 'EADDRNOTAVAIL',
      syscall: 'listen',
    }); // RFC 5737: nobody's
  });
});
