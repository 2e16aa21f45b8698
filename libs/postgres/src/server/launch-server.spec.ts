import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { identity, startOn, startOnFreePort } from './launch-server.js';
import { makeCluster } from './make-cluster.js';
import { isAlive, stopServer } from './server-process.js';

let folder: string;
let native: string;
let cluster: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'larum-launch-'));
  native = path.join(folder, 'native');
  cluster = path.join(folder, 'cluster');
  mkdirSync(path.join(native, 'bin'), { recursive: true });
  mkdirSync(cluster);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program of PostgreSQL that does what `script` says. `$port` and `$data` are what it was started with. */
function program(name: 'postgres' | 'initdb', script: string): void {
  const file = path.join(native, 'bin', name);
  const given = `data="$2"; port=; for word in "$@"; do case "$word" in port=*) port="\${word#port=}";; esac; done`;
  writeFileSync(file, `#!/bin/sh\n${given}\n${script}\n`);
  chmodSync(file, 0o755);
}
/** Says that it is ready, as PostgreSQL does, and stays until it is told to go. */
const SERVES = `printf '%s\\n' $$ "$data" 0 "$port" '' 127.0.0.1 '' ready > "$data/postmaster.pid"
  trap 'exit 0' INT; while :; do sleep 0.02; done`;
const launch = (settings: Record<string, string> = {}) => ({ native, cluster, runAs: undefined, settings });

describe('a server that is started', () => {
  it('is there when it says so, on the port that it was given, in a process group of its own', async () => {
    program('postgres', SERVES);
    const { server, port } = await startOnFreePort(launch());
    expect(port).toBeGreaterThanOrEqual(20_000);
    expect(port).toBeLessThan(30_000); // no connection that leaves this machine takes it while the server is down
    expect(isAlive(server.pid ?? 0)).toBe(true);
    await stopServer(server.pid ?? 0, 2_000);
  });

  it('gets our settings, those of its caller before them, and none of our environment', async () => {
    process.env['LARUM_TEST_SECRET'] = 's3cret';
    program('postgres', `printf '%s\\n' "$@" > "$data/args"; env > "$data/env"; ${SERVES}`);
    const { server, port } = await startOnFreePort(launch({ fsync: 'off', max_connections: '200' }));
    await stopServer(server.pid ?? 0, 2_000);
    delete process.env['LARUM_TEST_SECRET'];
    const args = readFileSync(path.join(cluster, 'args'), 'utf8').split('\n');
    expect(args).toEqual(expect.arrayContaining(['listen_addresses=127.0.0.1', 'fsync=off', `port=${port}`]));
    expect(args.filter((arg) => arg.startsWith('max_connections='))).toEqual(['max_connections=200']);
    const env = readFileSync(path.join(cluster, 'env'), 'utf8');
    expect(env).not.toContain('s3cret');
    expect(env).toContain('TZ=UTC');
  });

  it('that ends instead says its last words to the operator', async () => {
    program('postgres', 'echo "FATAL: the disk is full" >&2; exit 3');
    await expect(startOn({ ...launch(), port: 20_001 })).rejects.toThrow(
      /the embedded database did not start: it ended with code 3: FATAL: the disk is full/,
    );
  });

  it('that is not ready in time is ended, so that the next try meets nobody on its data', async () => {
    program('postgres', `echo $$ > "$data/pid"; trap 'exit 0' INT; while :; do sleep 0.02; done`);
    const late = startOn({ ...launch(), port: 20_001, readyWithinMs: 3_000 });
    await expect(late).rejects.toThrow('it was not ready within 3000 ms');
    expect(isAlive(Number(readFileSync(path.join(cluster, 'pid'), 'utf8')))).toBe(false);
  });

  it('whose program is not there says so', async () => {
    await expect(startOn({ ...launch(), port: 20_001 })).rejects.toThrow(/did not start: .*ENOENT/);
  });

  it('is not taken for ready by the lock file of one that ran before', async () => {
    writeFileSync(path.join(cluster, 'postmaster.pid'), `1\n${cluster}\n0\n20001\n\n127.0.0.1\n\nready\n`);
    program('postgres', 'sleep 0.2; echo "it was too early"; exit 1');
    await expect(startOn({ ...launch(), port: 20_001 })).rejects.toThrow('it was too early');
  });

  it('gets another port when the one that was free has been taken since, three times at most', async () => {
    program(
      'postgres',
      `echo "$port" >> "$data/ports"
       [ "$(wc -l < "$data/ports")" -lt 3 ] && { echo 'FATAL: could not create any TCP/IP sockets'; exit 1; }
       ${SERVES}`,
    );
    const { server, port } = await startOnFreePort(launch());
    await stopServer(server.pid ?? 0, 2_000);
    const ports = readFileSync(path.join(cluster, 'ports'), 'utf8').trim().split('\n');
    expect(ports).toHaveLength(3);
    expect(ports.at(-1)).toBe(String(port));
    rmSync(path.join(cluster, 'ports'));
    program('postgres', `echo "$port" >> "$data/ports"; echo 'could not bind IPv4 address'; exit 1`);
    await expect(startOnFreePort(launch())).rejects.toThrow('could not bind');
    expect(readFileSync(path.join(cluster, 'ports'), 'utf8').trim().split('\n')).toHaveLength(3);
  });

  it('is not tried again for any other reason', async () => {
    program('postgres', `echo "$port" >> "$data/ports"; echo 'data directory has wrong ownership'; exit 1`);
    await expect(startOnFreePort(launch())).rejects.toThrow('wrong ownership');
    expect(readFileSync(path.join(cluster, 'ports'), 'utf8').trim().split('\n')).toHaveLength(1);
  });

  it('runs as the user that it is given, with nothing but a path, a language and a time zone', () => {
    expect(Object.keys(identity(undefined).env)).toEqual(['PATH', 'LC_ALL', 'TZ']);
    expect(identity({ name: 'nobody', uid: 65_534, gid: 65_533 })).toMatchObject({
      uid: 65_534,
      gid: 65_533,
      cwd: '/',
    });
  });
});

describe('a new cluster', () => {
  const make = () => makeCluster({ native, cluster, password: 's3cret', runAs: undefined });
  beforeEach(() => rmSync(cluster, { recursive: true }));

  it('is made beside its place with the password in a file, and moved there whole', () => {
    program(
      'initdb',
      `printf '%s\\n' "$@" > "$2/args"; for word in "$@"; do case "$word" in --pwfile=*) cat "\${word#--pwfile=}" > "$2/password";; esac; done; echo 18 > "$2/PG_VERSION"`,
    );
    make();
    expect(readFileSync(path.join(cluster, 'PG_VERSION'), 'utf8')).toBe('18\n');
    expect(readFileSync(path.join(cluster, 'password'), 'utf8')).toBe('s3cret');
    const args = readFileSync(path.join(cluster, 'args'), 'utf8');
    expect(args).not.toContain('s3cret'); // everybody on the machine can read a command line
    expect(args).toMatch(/-A\nscram-sha-256\n/);
    const secret = /--pwfile=(.*)/.exec(args)?.[1] ?? '';
    expect(existsSync(path.dirname(secret))).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(['cluster', 'native']);
  });

  it('that could not be made leaves nothing at its place, and says why', () => {
    program('initdb', 'echo half > "$2/half"; echo "initdb: error: no space left on device" >&2; exit 1');
    expect(make).toThrow('the embedded database could not be made: initdb: error: no space left on device');
    expect(existsSync(cluster)).toBe(false);
  });

  it('is begun anew where an earlier attempt was killed in the middle', () => {
    mkdirSync(`${cluster}.new`);
    writeFileSync(path.join(`${cluster}.new`, 'half'), '');
    program('initdb', 'echo 18 > "$2/PG_VERSION"');
    make();
    expect(readdirSync(cluster)).toEqual(['PG_VERSION']);
  });

  it('is its own alone, also while the program of a start that was killed is still at work', async () => {
    const enough = path.join(folder, 'enough');
    const left = path.join(folder, 'left');
    program(
      'initdb',
      `( while [ ! -e ${enough} ]; do mkdir "$2"; echo x > "$2/half"; sleep 0.01; done ) > /dev/null 2>&1 & echo $! > ${left}; exit 1`,
    );
    expect(make).toThrow('could not be made');
    try {
      program('initdb', 'sleep 0.5; echo 18 > "$2/PG_VERSION"');
      make();
      expect(readdirSync(cluster)).toEqual(['PG_VERSION']);
    } finally {
      writeFileSync(enough, '');
      while (isAlive(Number(readFileSync(left, 'utf8'))))
        await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });
});
