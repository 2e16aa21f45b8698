import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export type Endpoint = { host: string; port: number; tls: boolean };

/** Opens a TCP or TLS connection within `timeoutMs`. Throws the socket's error, or one that says how long it waited. */
export function dial({ host, port, tls }: Endpoint, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const named = isIP(host) === 0 ? { servername: host } : {}; // RFC 6066 §3: an address is no name
    const socket = tls ? connectTls({ host, port, ...named }) : connectTcp({ host, port });
    const timer = setTimeout(
      () => socket.destroy(new Error(`no connection to ${host}:${port} within ${timeoutMs} ms`)),
      timeoutMs,
    );
    socket.setNoDelay(true);
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}
