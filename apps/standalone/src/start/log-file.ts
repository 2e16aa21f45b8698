import { createWriteStream, openSync } from 'node:fs';
import { newLog, type Log, type LogLevel } from '#runtime';

/** How often a file that could not be written is tried again. */
const AGAIN_AFTER_MS = 1_000;

/**
 * A log that goes to a file, so that the terminal is left to what a person reads; what a person must look at is said there
 * too, in one line. A full disk never stops the process, and the log goes on when there is room again; a file that cannot be opened
 * at all throws what an operator can mend.
 */
export function logToFile(file: string, level: LogLevel, tell: (line: string) => void): Log {
  let failedAt: number | undefined;
  const failed = (error: Error): void => {
    if (failedAt === undefined) tell(`the log file cannot be written: ${error.message}`);
    failedAt = performance.now();
  };
  let out = createWriteStream(file, { fd: openSync(file, 'a', 0o600) }).on('error', failed);
  return newLog('larum', level, {
    write: (line) => {
      if (failedAt !== undefined && out.destroyed && performance.now() - failedAt >= AGAIN_AFTER_MS)
        out = createWriteStream(file, { flags: 'a', mode: 0o600 }).on('error', failed);
      out.write(line, (error) => {
        if (!error) failedAt = undefined;
      });
      if (line.includes('"level":"error"')) tell(sentenceOf(line));
    },
  });
}

function sentenceOf(line: string): string {
  const { msg, error } = JSON.parse(line) as { msg?: string; error?: { message?: string } };
  return `! ${msg ?? 'an error'}${error?.message === undefined ? '' : `: ${error.message}`}`;
}
