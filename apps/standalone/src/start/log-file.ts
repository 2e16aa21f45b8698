import { createWriteStream, openSync } from 'node:fs';
import { newLog, type Log, type LogLevel } from '#runtime';

/**
 * A log that goes to a file, so that the terminal is left to what a person reads; what a person must look at is said there
 * too, in one line. A full disk never stops the process; a file that cannot be opened at all throws what an operator can mend.
 */
export function logToFile(file: string, level: LogLevel, tell: (line: string) => void): Log {
  const out = createWriteStream(file, { fd: openSync(file, 'a', 0o600) });
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
