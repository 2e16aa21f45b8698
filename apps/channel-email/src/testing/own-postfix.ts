import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';

/** A port of this machine that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Nothing leaves this machine: no names are looked up, and what has no transport of its own is thrown away. */
const MAIN = {
  compatibility_level: '3.6',
  mail_owner: 'postfix',
  setgid_group: 'postdrop',
  maillog_file_prefixes: os.tmpdir(),
  myhostname: 'relay.example',
  mydestination: '',
  mynetworks: '127.0.0.0/8',
  inet_interfaces: 'loopback-only',
  inet_protocols: 'ipv4',
  relayhost: '',
  default_transport: 'discard:',
  relay_transport: 'discard:',
  disable_dns_lookups: 'yes',
  smtp_dns_support_level: 'disabled',
  smtpd_peername_lookup: 'no',
  alias_maps: '',
  alias_database: '',
  notify_classes: '',
  smtpd_relay_restrictions: 'permit_mynetworks, reject',
};

const SERVICES = `cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`;

/** A Postfix with its own configuration, queue and log in a folder of its own, on a loopback port. It wants to be started by root. */
export class OwnPostfix {
  private constructor(
    private readonly command: string,
    private readonly folder: string,
    readonly port: number,
  ) {}

  /** Starts it with these settings beside `MAIN`. Throws what it said when it does not start. */
  static async open(command: string, settings: Readonly<Record<string, string>>): Promise<OwnPostfix> {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'larum-postfix-'));
    const postfix = new OwnPostfix(command, folder, await freePort());
    const own = { ...MAIN, queue_directory: `${folder}/queue`, data_directory: `${folder}/data` };
    const main = { ...own, maillog_file: `${folder}/data/log`, ...settings };
    try {
      chmodSync(folder, 0o755);
      for (const name of ['conf', 'queue', 'data']) mkdirSync(path.join(folder, name), { mode: 0o755 });
      const user = Number(execFileSync('id', ['-u', 'postfix']));
      chownSync(path.join(folder, 'data'), user, user);
      const lines = Object.entries(main).map(([name, value]) => `${name} = ${value}\n`);
      writeFileSync(path.join(folder, 'conf/main.cf'), lines.join(''));
      const door = `127.0.0.1:${postfix.port} inet n - n - - smtpd\n`;
      writeFileSync(path.join(folder, 'conf/master.cf'), `${door}${SERVICES}`);
      const { status, stderr } = postfix.told('start');
      if (status !== 0) throw new Error(`Postfix does not start: ${stderr}`);
    } catch (error) {
      postfix.close();
      throw error;
    }
    return postfix;
  }

  /** What it wrote down so far. */
  log(): string {
    return readFileSync(path.join(this.folder, 'data/log'), 'utf8');
  }

  /** Ends every process of it, and removes what it left. */
  close(): void {
    this.told('abort');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }); // its last process may still write
  }

  private told(what: string) {
    return spawnSync(this.command, ['-c', path.join(this.folder, 'conf'), what], { encoding: 'utf8' });
  }
}
