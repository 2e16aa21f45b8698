import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';

/** An object is sent as JSON, a string with the content type among its headers, an iterable piece by piece. */
export type Answer = {
  status: number;
  headers?: Record<string, string>;
  body?: object | string | AsyncIterable<string>;
};

/** An error that is an answer: thrown anywhere inside a route, told to the caller. */
export class Told extends Error {
  constructor(readonly answer: Answer) {
    super(`answered ${answer.status}`);
  }
}

/** Writes an answer. A source of pieces that fails breaks the link off, so that nobody takes half for the whole. */
export async function send(response: ServerResponse, { status, headers = {}, body }: Answer): Promise<void> {
  if (body === undefined) {
    response.writeHead(status, headers).end();
  } else if (typeof body === 'string') {
    response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers }).end(body);
  } else if (Symbol.asyncIterator in body) {
    response.writeHead(status, headers);
    Readable.from(body as AsyncIterable<string>)
      .on('error', () => response.destroy())
      .pipe(response);
  } else {
    const json = JSON.stringify(body);
    const length = Buffer.byteLength(json);
    response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': length,
      ...headers,
    });
    response.end(json);
  }
}
