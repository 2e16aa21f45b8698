import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { sha256Hex, type TokenHolder } from '#runtime';
import type { Once } from '../record/recorder.js';
import { checkDepth } from './depth.js';
import { problem } from '../problems/problem-table.js';

/** The key of a request and what it asks; whose it is comes from the token (`onceFor`). */
export type RequestKey = Omit<Once, 'holder'>;

/** 1 to 255 visible ASCII characters, as an HTTP field can carry them. */
const KEY = /^[\u0021-\u007e]{1,255}$/;

/** The Idempotency-Key of a POST, which every one of them must carry. */
export const Key = createParamDecorator((_: unknown, context: ExecutionContext): RequestKey => {
  const request = context.switchToHttp().getRequest<Request>();
  const key = request.header('idempotency-key');
  if (key === undefined || !KEY.test(key)) throw problem('idempotency-key-missing');
  return { key, bodyHash: sha256Hex(Buffer.concat([Buffer.from(head(request)), bytesOf(request.body)])) };
});

/** The key as one of its holder's: those of two holders never meet. */
export const onceFor = ({ id }: TokenHolder, key: RequestKey): Once => ({ holder: id, ...key });

const head = ({ method, originalUrl }: Request) => `${method} ${originalUrl}\n`;

function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  checkDepth(body); // JSON.stringify goes down by recursion
  return Buffer.from(JSON.stringify(body ?? null));
}
