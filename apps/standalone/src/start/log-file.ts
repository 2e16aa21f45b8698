import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { newLog, type Log, type LogLevel } from '#runtime';

/**
 * A log that goes to a file, so that the terminal is left to what a person reads; what a person must look at is said there
 * too, in one line. A full disk never stops the process.
 */
export function logToFile(file: string, level: LogLevel, tell: (line: string) => void): Log {
  mkdirSync(dirname(file), { recursive: true });
  const out = createWriteStream(file, { flags: 'a', mode: 0o600 });
  out.on('error', (error) => tell(`the log file cannot be written: ${error.message}`));
  return newLog('larum', level, {
    write: (line) => {
      out.write(line);
      if (line.includes('"level":"error"')) tell(sentenceOf(line));
    },
  });
}

function sentenceOf(line: string): string {
  const { msg, error } = JSON.parse(line) as { msg?: string; error?: { message?: string } };
  return `! ${msg ?? 'an error'}${error?.message === undefined ? '' : `: ${error.message}`}`;
}
