import { pino, stdTimeFunctions, type Logger } from 'pino';
import { traceFields } from '../http/trace.js';
import { conceal } from './conceal.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Everything that varies in a log line. Addresses, numbers and tokens in it are concealed. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * A log of constant lower-case sentences and fields that vary. `info`: it happened; `warn`: it heals itself;
 * `error`: a person must look. Recipients' addresses and numbers, tokens and passwords never come out readable.
 */
export type Log = {
  debug(fields: LogFields, sentence: string): void;
  info(fields: LogFields, sentence: string): void;
  warn(fields: LogFields, sentence: string): void;
  error(fields: LogFields, sentence: string): void;
  /** The same log with `fields` in every line. */
  child(fields: LogFields): Log;
};

/** Where the lines go: one complete line of JSON at a time. */
export type LogDestination = { write(line: string): void };

/** A log named after its process. Lines are JSON, on standard output unless a destination is given; nothing waits for them. */
export function newLog(name: string, level: LogLevel = 'info', destination?: LogDestination): Log {
  const options = {
    name,
    level,
    base: { name },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    mixin: traceFields,
  };
  return over(destination === undefined ? pino(options) : pino(options, destination));
}

/** A log that writes nothing, for tools and tests that are not about logging. */
export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLog,
};

function over(logger: Logger): Log {
  return {
    debug: (fields, sentence) => {
      if (logger.isLevelEnabled('debug')) logger.debug(conceal(fields), sentence);
    },
    info: (fields, sentence) => logger.info(conceal(fields), sentence),
    warn: (fields, sentence) => logger.warn(conceal(fields), sentence),
    error: (fields, sentence) => logger.error(conceal(fields), sentence),
    child: (fields) => over(logger.child(conceal(fields))),
  };
}
