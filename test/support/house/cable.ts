import { connect, createServer, type Server, type Socket } from 'node:net';

/** A cable between a process and a server on loopback, that a test can pull out and put back. */
export class Cable {
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;

  private constructor(
    private readonly to: number,
    /** Where the near end is. */
    readonly port: number,
  ) {}

  /** A cable to this port, from `port`, which must be free. */
  static async to(to: number, port: number): Promise<Cable> {
    const cable = new Cable(to, port);
    await cable.putBack();
    return cable;
  }

  /** Every connection ends at once, and no new one is taken: as when the machine at the other end is switched off. */
  async pull(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    const closed = new Promise((resolve) =>
      server === undefined ? resolve(undefined) : server.close(resolve),
    );
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  async putBack(): Promise<void> {
    const server = createServer((near) => this.join(near, connect(this.to, '127.0.0.1')));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.port, '127.0.0.1', resolve);
    });
    this.server = server;
  }

  private join(near: Socket, far: Socket): void {
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.once('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}
