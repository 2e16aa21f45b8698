import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Kafka 4 needs it (Apache Kafka 4.0, upgrade notes). */
const OLDEST_JAVA = 17;
/** A cold fetch of the 45 MB took 3 to 10 s; a slow line gets five minutes. */
const FETCH_WITHIN_MS = 300_000;
const GOAL = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/** The class path of a single broker. slf4j-simple stays on the slf4j-api line that Kafka itself uses. */
const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>larum.test</groupId>
  <artifactId>broker</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.3.1</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
`;

/** No broker of our own can be started here; the message says what is missing and what to do. */
export class NoBroker extends Error {
  override readonly name = 'NoBroker';
}

/**
 * The folder with the broker's jars, filled by Maven once and kept in `$XDG_CACHE_HOME/larum` or the checkout's `.cache`.
 * Safe when several processes ask at once. Throws `NoBroker` without Java 17, or without Maven while the folder is empty.
 */
export async function brokerJars(): Promise<string> {
  await checkJava();
  const cache = cacheFolder();
  const jars = path.join(cache, `kafka-${createHash('sha256').update(POM).digest('hex').slice(0, 12)}`);
  if (existsSync(jars)) return jars;
  mkdirSync(cache, { recursive: true });
  const filling = mkdtempSync(path.join(cache, 'filling-'));
  try {
    await fetchJars(cache, filling);
    rmSync(path.join(filling, 'pom.xml'));
    renameSync(filling, jars);
  } catch (error) {
    rmSync(filling, { recursive: true, force: true });
    if (!existsSync(jars)) throw error; // else another process was faster
  }
  return jars;
}

/** Runs a program found by this process's own PATH. */
function run(program: string, args: string[], timeout = 0): Promise<{ stdout: string; stderr: string }> {
  return execute(program, args, { timeout, env: { ...process.env } });
}

async function fetchJars(cache: string, into: string): Promise<void> {
  const pom = path.join(into, 'pom.xml');
  writeFileSync(pom, POM);
  const repository = homeIsOurs() ? [] : [`-Dmaven.repo.local=${path.join(cache, 'maven')}`];
  const args = ['-B', '-q', '-Dstyle.color=never', ...repository, '-f', pom, GOAL, '-DincludeScope=runtime'];
  await run('mvn', [...args, `-DoutputDirectory=${into}`], FETCH_WITHIN_MS).catch(
    (error: Error & { stdout?: string }) => {
      if ('code' in error && error.code === 'ENOENT')
        throw new NoBroker(
          `Maven is needed once, to fetch Kafka into ${cache}: install mvn, or set KAFKA_BROKERS`,
        );
      throw new NoBroker(`Maven could not fetch Kafka: ${(error.stdout || error.message).slice(0, 600)}`);
    },
  );
}

async function checkJava(): Promise<void> {
  const { stderr } = await run('java', ['-version']).catch((error: Error) => {
    throw new NoBroker(
      `java does not run (${error.message.split('\n')[0]}): install Java ${OLDEST_JAVA}, or set KAFKA_BROKERS`,
    );
  });
  const version = Number(/version "(?:1\.)?(\d+)/.exec(stderr)?.[1]);
  if (!(version >= OLDEST_JAVA))
    throw new NoBroker(`Kafka needs Java ${OLDEST_JAVA} or newer, and this is ${stderr.split('\n')[0]}`);
}

function homeIsOurs(): boolean {
  try {
    accessSync(os.homedir(), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function cacheFolder(): string {
  const { XDG_CACHE_HOME } = process.env;
  return XDG_CACHE_HOME ? path.join(XDG_CACHE_HOME, 'larum') : path.resolve('.cache');
}
