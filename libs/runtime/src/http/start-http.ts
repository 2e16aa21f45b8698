import type { Server } from 'node:http';
import {
  type INestApplication,
  type PipeTransform,
  StandardSchemaValidationPipe,
  type Type,
  type DynamicModule,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Express, NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import type { Log } from '../log/log.js';
import { NestLog } from '../log/nest-log.js';
import { houseProblems } from '../problems/house-problems.js';
import { invalidRequest } from '../problems/invalid-request.js';
import type { ProblemTable } from '../problems/problem.js';
import { bodyProblem, ProblemFilter, type ProblemReader } from '../problems/problem-filter.js';
import { problemPage } from '../problems/problem-page.js';
import { AnswersUnderWay } from '../waiting/answers-under-way.js';
import { bodyHandlers, HOUSE_RAW_BODIES, type RawBody } from './body-limits.js';
import { HealthRegistry } from './health.js';
import { Metrics } from './metrics.js';
import { inTrace, nextTraceparent } from './trace.js';

export type HttpOptions = {
  /** Names the process in the log. */
  name: string;
  /** 0 takes a free one; `url` tells which. */
  port: number;
  /** Loopback unless configured. */
  host?: string;
  log: Log;
  /** The apps' own tables of problems, for the page that explains each. */
  problems?: readonly ProblemTable[];
  /** The apps' own tables from their refusals to problems. */
  readers?: readonly ProblemReader[];
  health?: HealthRegistry;
  metrics?: Metrics;
  /** Paths that take other bodies than JSON, besides those of the house. */
  rawBodies?: readonly RawBody[];
  /** How long a caller may take; the house's own limits unless a test is impatient. */
  patience?: Partial<Patience>;
  /** Called before anything listens: OpenAPI pages, for example. */
  prepare?: (app: INestApplication) => void | Promise<void>;
  /** Called when the modules are up, right before the port is taken: whoever holds it until then lets go of it. */
  takesPort?: () => Promise<void>;
};

/** A process that answers. `close` takes no new requests, lets those under way end for half a second, and ends the modules. */
export type HttpServer = { app: NestExpressApplication; url: string; close(): Promise<void> };

/**
 * A slow caller cannot hold a connection: all headers, and the whole request, must be there within so many milliseconds. Whoever takes
 * nothing of its answer for `silentMs` is cut as well: the rest would be kept for it in memory. A stream of events beats more often.
 */
type Patience = { headersMs: number; requestMs: number; silentMs: number };
const PATIENCE: Patience = { headersMs: 10_000, requestMs: 30_000, silentMs: 60_000 };
/** Node looks at its connections every 30 s, which would make 40 s of ten. */
const LOOKS_IN_TIME = 5;

/** Reads what a route names a schema for; what is refused is named by where it stood in the request. */
const bySchema: PipeTransform = {
  transform: (value: unknown, part) =>
    new StandardSchemaValidationPipe({
      exceptionFactory: (issues) => invalidRequest(issues, part),
    }).transform(value, part),
};

/**
 * Starts a Nest module behind HTTP with all that every process of the house shares: limits, schemas, problem+json,
 * traces, health and metrics. Throws what a module throws at its start.
 */
export async function startHttp(module: Type | DynamicModule, options: HttpOptions): Promise<HttpServer> {
  const { port, host = '127.0.0.1', log, health = new HealthRegistry(), metrics = new Metrics() } = options;
  const app = await NestFactory.create<NestExpressApplication>(module, {
    logger: new NestLog(log),
    bodyParser: false,
    abortOnError: false,
    forceCloseConnections: true,
    routeConflictPolicy: { duplicate: 'error' },
    routeResolutionStrategy: 'specificity',
  });
  app.set('etag', false); // answers are about now; who wants an ETag sets it
  app.use(
    helmet({
      contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
      strictTransportSecurity: false,
    }),
  );
  app.use(traced);
  servePlainPages(
    app,
    health,
    metrics,
    Object.assign({}, houseProblems, ...(options.problems ?? [])) as ProblemTable,
  );
  const underWay = new AnswersUnderWay();
  app.use(underWay.note);
  for (const { path, handler } of bodyHandlers([...HOUSE_RAW_BODIES, ...(options.rawBodies ?? [])]))
    app.use(path, handler);
  app.use(bodyRefused);
  app.useGlobalPipes(bySchema);
  app.useGlobalFilters(new ProblemFilter(log, options.readers ?? []));
  await options.prepare?.(app);
  beStrict(app.getHttpServer(), { ...PATIENCE, ...options.patience });
  try {
    await app.init();
    await options.takesPort?.();
    await app.listen(port, host);
  } catch (error) {
    await app.close().catch(() => {});
    throw error;
  }
  const url = await app.getUrl();
  log.info({ url }, 'listening');
  return {
    app,
    url,
    close: async () => {
      health.stopping();
      app.getHttpServer().close(); // no new connections; those that rest are ended
      await underWay.end();
      await app.close();
    },
  };
}

function beStrict(server: Server, { headersMs, requestMs, silentMs }: Patience): void {
  server.timeout = silentMs;
  server.headersTimeout = headersMs;
  server.requestTimeout = requestMs;
  // Read when the server begins to listen (Node's _http_server.js, setupConnectionsTracking); not in the types.
  Object.assign(server, { connectionsCheckingInterval: headersMs / LOOKS_IN_TIME });
}

/** Every answer names its trace, and is not for keeping unless a route says otherwise: it is about now, and about people. */
function traced(request: Request, response: Response, next: NextFunction): void {
  const traceparent = nextTraceparent(request.headers['traceparent'] as string | undefined);
  response.setHeader('X-Trace-Id', traceparent.slice(3, 35));
  response.setHeader('Cache-Control', 'no-store');
  inTrace(traceparent, next);
}

/** Nest would make a plain 400 of whatever the body parser says, so its words are read here. */
function bodyRefused(error: unknown, _: Request, __: Response, next: NextFunction): void {
  next(bodyProblem(error) ?? error);
}

function servePlainPages(
  app: NestExpressApplication,
  health: HealthRegistry,
  metrics: Metrics,
  problems: ProblemTable,
): void {
  const page = problemPage(problems);
  const http = app.getHttpAdapter().getInstance() as Express;
  http.get('/livez', (_: Request, response: Response) => void response.json({ alive: true }));
  http.get('/readyz', async (_: Request, response: Response) => {
    const readiness = await health.readiness();
    response.status(readiness.ready ? 200 : 503).json(readiness);
  });
  http.get('/metrics', async (_: Request, response: Response) => {
    response.type(metrics.contentType).send(await metrics.text());
  });
  http.get('/docs/problems', (_: Request, response: Response) => void response.type('html').send(page));
}
