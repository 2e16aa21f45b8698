#!/usr/bin/env node
import { check } from './check.js';
import { convert, geojson, thread } from './show.js';
import { sign, verify } from './signatures.js';
import { Usage } from './usage.js';

const HELP = `cap: reads, checks, converts and signs alerts of the Common Alerting Protocol

  cap check [--lenient] [--trust SENDER=CERT.pem]… FILE…   one JSON line per file
  cap convert FILE              the alert as CAP 1.2
  cap geojson FILE              its areas as a GeoJSON FeatureCollection
  cap thread FILE…              the threads of all files as JSON
  cap sign --key KEY.pem [--cert CERT.pem] FILE   the signed alert
  cap verify [--cert CERT.pem]… FILE              the verdict on each signature

Each command has --help with an example.
`;

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => number>> = {
  check,
  convert,
  geojson,
  thread,
  sign,
  verify,
};

function main(args: readonly string[]): number {
  const [name, ...rest] = args;
  if (name === '--help' || name === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  try {
    if (command === undefined)
      throw new Usage(name === undefined ? 'a command is missing' : `"${name}" is no command`, HELP);
    return command(rest);
  } catch (error) {
    if (!(error instanceof Usage)) throw error;
    process.stderr.write(`cap: ${error.message}\n${error.help === '' ? '' : `\n${error.help}`}`);
    return 2;
  }
}

// A reader that closes the pipe (`| head`) has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
process.exitCode = main(process.argv.slice(2));
