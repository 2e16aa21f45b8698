import express, { type RequestHandler } from 'express';
import { houseProblem } from '../problems/house-problems.js';

/** What bodies a path takes instead of JSON: media types and a limit; they arrive as a `Buffer`. */
export type RawBody = { path: string; types: readonly string[]; mostBytes: number };

/** A request of the JSON interface is at most this large. */
export const MOST_JSON_BYTES = 1024 * 1024;

/**
 * CAP alerts (a real one had 459 kB: RELIABILITY §9), and the one-click form of RFC 8058 §3.2 (form data of either kind, never looked at).
 */
export const HOUSE_RAW_BODIES: readonly RawBody[] = [
  { path: '/v1/cap', types: ['application/cap+xml', 'application/xml', 'text/xml'], mostBytes: 1024 * 1024 },
  {
    path: '/v1/unsubscribe',
    types: ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'],
    mostBytes: 16 * 1024,
  },
];

/** Reads bodies up to their limits and refuses every kind that the path does not take, before anything looks at it. */
export function bodyHandlers(rawBodies: readonly RawBody[]): { path: string; handler: RequestHandler }[] {
  return [
    ...rawBodies.flatMap(({ path, types, mostBytes }) => [
      { path, handler: onlyTypes(types) },
      { path, handler: express.raw({ type: () => true, limit: mostBytes }) },
    ]),
    { path: '/', handler: unlessRaw(rawBodies, onlyTypes(['application/json'])) },
    {
      path: '/',
      handler: unlessRaw(rawBodies, express.json({ limit: MOST_JSON_BYTES, strict: false, verify: isUtf8 })),
    },
  ];
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** RFC 8259 §8.1. The parser would put U+FFFD for what it cannot read, and the public would be shown a text that nobody wrote. */
function isUtf8(_: unknown, __: unknown, body: Buffer): void {
  strictUtf8.decode(body);
}

function unlessRaw(rawBodies: readonly RawBody[], handler: RequestHandler): RequestHandler {
  return (request, response, next) => {
    const raw = rawBodies.some(({ path }) => request.path === path || request.path.startsWith(`${path}/`));
    if (raw) next();
    else handler(request, response, next);
  };
}

function onlyTypes(types: readonly string[]): RequestHandler {
  return (request, _, next) => {
    const { 'content-type': given, 'content-length': length, 'transfer-encoding': chunked } = request.headers;
    const hasBody = chunked !== undefined || (length !== undefined && length !== '0');
    const type = given?.split(';')[0]?.trim().toLowerCase();
    if (!hasBody || (type !== undefined && types.includes(type))) next();
    else next(houseProblem('wrong-content-type', `This address takes ${types.join(', ')}.`));
  };
}
