import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const VERSION = '3.0.1';
/** Seconds, and a minute or two on a slow line. */
const FETCH_WITHIN_MS = 180_000;
const GOAL = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>larum.test</groupId>
  <artifactId>smsc</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.jsmpp</groupId><artifactId>jsmpp-examples</artifactId><version>${VERSION}</version></dependency>
  </dependencies>
</project>
`;

/** A network of its own and whatever runs in it ends with the command: the simulator listens on every address that it finds. */
export const ALONE = ['--map-root-user', '--net', '--pid', '--fork', '--kill-child', 'sh', '-c'] as const;

/** The folder with jsmpp's simulator, fetched by Maven once; or why it cannot be run on this machine. */
export async function jsmppJars(): Promise<{ jars: string } | { missing: string }> {
  try {
    await run('java', ['-version']);
  } catch {
    return { missing: 'java does not run: install Java 17' };
  }
  try {
    await run('unshare', [...ALONE, 'ip link set lo up']);
  } catch {
    return {
      missing: 'a network of its own cannot be made: unshare and ip are needed, and the right to use them',
    };
  }
  const cache = process.env['XDG_CACHE_HOME']
    ? path.join(process.env['XDG_CACHE_HOME'], 'larum')
    : path.resolve('.cache');
  const jars = path.join(cache, `jsmpp-${VERSION}`);
  if (existsSync(jars)) return { jars };
  mkdirSync(cache, { recursive: true });
  const filling = mkdtempSync(path.join(cache, 'filling-'));
  try {
    const pom = path.join(filling, 'pom.xml');
    writeFileSync(pom, POM);
    const args = ['-B', '-q', '-f', pom, GOAL, '-DincludeScope=runtime', `-DoutputDirectory=${filling}`];
    await run('mvn', args, { timeout: FETCH_WITHIN_MS });
    rmSync(pom);
    renameSync(filling, jars);
  } catch {
    rmSync(filling, { recursive: true, force: true });
    if (!existsSync(jars))
      return { missing: 'Maven could not fetch jsmpp: install mvn, or fill its repository' };
  }
  return { jars };
}
