import { types } from 'node:util';
import type { LoggerService } from '@nestjs/common';
import type { Log } from './log.js';

/** Nest's own messages in our log. What Nest tells at start about every route and module is for debugging only. */
export class NestLog implements LoggerService {
  constructor(private readonly to: Log) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.to.debug(fieldsOf(message, rest), 'nest says');
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.to.debug(fieldsOf(message, rest), 'nest says');
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.to.debug(fieldsOf(message, rest), 'nest says');
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.to.warn(fieldsOf(message, rest), 'nest warns');
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.to.error(fieldsOf(message, rest), 'nest failed');
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.to.error(fieldsOf(message, rest), 'nest failed');
  }
}

function fieldsOf(message: unknown, rest: readonly unknown[]): Record<string, unknown> {
  const context = rest.at(-1);
  const stack = rest.length > 1 ? rest[0] : undefined;
  return {
    message: types.isNativeError(message) ? message : String(message),
    ...(typeof context === 'string' ? { context } : {}),
    ...(typeof stack === 'string' ? { stack } : {}),
  };
}
