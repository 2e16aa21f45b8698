import { createServer } from 'node:net';

/** Other programs listen where this start wants to. An operator stops them, or names another port; nothing was started. */
export class PortsTaken extends Error {
  override readonly name = 'PortsTaken';
  readonly forOperator = true;

  constructor(host: string, taken: readonly number[]) {
    super(
      taken.length === 1
        ? `port ${taken[0]} of ${host} is taken by another program: stop that one, or choose another port with PORT=…`
        : `ports ${taken.slice(0, -1).join(', ')} and ${taken.at(-1)} of ${host} are taken by other programs: stop them, or choose another port with PORT=…`,
    );
  }
}

/**
 * Looks whether all these ports can be listened on, so that a start is refused before a database is made, and hears of every
 * port at once. Throws `PortsTaken`, or what `listen` says for an address that is not ours or a port that is not for this user.
 */
export async function expectFreePorts(host: string, ports: readonly number[]): Promise<void> {
  const looks = await Promise.all(ports.map(async (port) => ({ port, error: await lookAt(host, port) })));
  for (const { error } of looks) if (error !== undefined && error.code !== 'EADDRINUSE') throw error;
  const taken = looks.filter(({ error }) => error !== undefined).map(({ port }) => port);
  if (taken.length > 0) throw new PortsTaken(host, taken);
}

function lookAt(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer().once('error', resolve);
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}
