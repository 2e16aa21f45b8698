import { types } from 'node:util';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Response } from 'express';
import { currentTraceId } from '../http/trace.js';
import type { Log } from '../log/log.js';
import { houseProblem, type houseProblems } from './house-problems.js';
import { Problem } from './problem.js';

/** An app's own table from its refusals to HTTP: the problem for an error that it knows, else undefined. */
export type ProblemReader = (error: unknown) => Problem | undefined;

/** Turns whatever a request ended in into problem+json. A fault of ours tells the caller only a trace id. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Log,
    private readonly readers: readonly ProblemReader[],
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const problem = this.problemFor(error);
    if (problem.status >= 500) this.report(error, problem);
    if (response.headersSent) {
      response.end(); // a stream that is already running can only be ended
      return;
    }
    if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    const { retryAfterMs } = problem.extra;
    if (typeof retryAfterMs === 'number')
      response.setHeader('Retry-After', String(Math.ceil(retryAfterMs / 1_000)));
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }

  private problemFor(error: unknown): Problem {
    if (error instanceof Problem) return error;
    for (const read of this.readers) {
      const problem = read(error);
      if (problem !== undefined) return problem;
    }
    return houseProblemFor(error);
  }

  private report(error: unknown, problem: Problem): void {
    // A database that is away heals itself and would fill the log; a fault does not.
    if (problem.status === 503)
      this.log.warn({ error, code: problem.code }, 'a request could not be answered now');
    else this.log.error({ error }, 'a request met a fault');
  }
}

const BY_STATUS: Readonly<Record<number, keyof typeof houseProblems>> = {
  401: 'unknown-token',
  403: 'not-your-role',
  404: 'not-found',
  413: 'too-large',
  415: 'wrong-content-type',
  429: 'too-many-requests',
  503: 'stopping',
};

/** What the body parser says in `type` (npm http-errors, raw-body, body-parser). */
const BY_PARSER_TYPE: Readonly<Record<string, keyof typeof houseProblems>> = {
  'entity.parse.failed': 'not-json',
  'entity.verify.failed': 'not-json',
  'entity.too.large': 'too-large',
  'charset.unsupported': 'wrong-content-type',
  'encoding.unsupported': 'wrong-content-type',
  'request.aborted': 'request-refused',
  'request.size.invalid': 'request-refused',
};

/** The problem for what the body parser threw, else undefined. */
export function bodyProblem(error: unknown): Problem | undefined {
  if (!types.isNativeError(error) || !('type' in error)) return undefined;
  const code = BY_PARSER_TYPE[String(error.type)];
  return code === undefined ? undefined : houseProblem(code);
}

function houseProblemFor(error: unknown): Problem {
  if (!types.isNativeError(error)) return fault();
  // By name: the class lives in `#postgres`, which is built on this library.
  if (error.name === 'DatabaseAway') return houseProblem('database-away', undefined, { retryAfterMs: 1_000 });
  if (error instanceof HttpException) return httpProblem(error.getStatus());
  return fault();
}

function httpProblem(status: number): Problem {
  const code = BY_STATUS[status];
  if (code !== undefined) return houseProblem(code);
  return status < 500 ? houseProblem('request-refused') : fault();
}

function fault(): Problem {
  return houseProblem('internal-error', undefined, { traceId: currentTraceId() });
}
