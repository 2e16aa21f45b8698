import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { PracticeAccount } from '../platform/account.js';
import type { Call } from '../http/route.js';
import { xrpcError } from './xrpc.js';

/** As a Bluesky server gives it: ninety days. */
const REFRESH_LIVES_MS = 90 * 86_400_000;

type Scope = 'com.atproto.access' | 'com.atproto.refresh';

/** Log-ins. The tokens carry all they say and are signed from the seed, so they outlive a restart without being kept. */
export class Sessions {
  private readonly key: Buffer;

  constructor(
    seed: string,
    private readonly accounts: readonly PracticeAccount[],
    private readonly now: () => number,
    private readonly accessMs: number,
  ) {
    this.key = createHash('sha256').update(`practice sessions\n${seed}`).digest();
  }

  /** Throws the answer for a wrong name or password. */
  create(identifier: unknown, password: unknown): object {
    const name = String(identifier).replace(/^@/, '');
    const account = this.accounts.find(({ handle }) => handle === name || didOf(handle) === name);
    if (account === undefined || account.secret !== password) {
      throw xrpcError(401, 'AuthenticationRequired', 'Invalid identifier or password');
    }
    return this.pair(account);
  }

  /** A new pair for a refresh token. */
  refresh(call: Call): object {
    return this.pair(this.holder(call, 'com.atproto.refresh'));
  }

  /** Whose access token came with the call. Throws what a Bluesky server says to none, a wrong or an old one. */
  account(call: Call): PracticeAccount {
    return this.holder(call, 'com.atproto.access');
  }

  /** The same without judging: for whom a fault is meant. */
  handle(call: Call): string | undefined {
    try {
      return this.account(call).handle;
    } catch {
      return undefined;
    }
  }

  private pair({ handle }: PracticeAccount): object {
    return {
      did: didOf(handle),
      handle,
      active: true,
      accessJwt: this.token(handle, 'com.atproto.access', this.accessMs),
      refreshJwt: this.token(handle, 'com.atproto.refresh', REFRESH_LIVES_MS),
    };
  }

  private token(handle: string, scope: Scope, livesMs: number): string {
    const seconds = Math.floor(this.now() / 1000);
    const claims = { scope, sub: didOf(handle), iat: seconds, exp: seconds + Math.ceil(livesMs / 1000) };
    const body = `${encoded({ typ: 'at+jwt', alg: 'HS256' })}.${encoded(claims)}`;
    return `${body}.${this.sign(body)}`;
  }

  private holder(call: Call, scope: Scope): PracticeAccount {
    const token = /^Bearer (.+)$/i.exec(call.headers.authorization ?? '')?.[1];
    if (token === undefined) throw xrpcError(401, 'AuthMissing', 'Authentication Required');
    const cut = token.lastIndexOf('.');
    const [body, signature] = [token.slice(0, cut), token.slice(cut + 1)];
    const expected = this.sign(body);
    if (
      signature.length !== expected.length ||
      !timingSafeEqual(Buffer.from(signature), Buffer.from(expected))
    ) {
      throw xrpcError(400, 'InvalidToken', 'Token could not be verified');
    }
    const claims = JSON.parse(Buffer.from(body.split('.')[1] ?? '', 'base64url').toString()) as Record<
      string,
      unknown
    >;
    if (claims['scope'] !== scope) throw xrpcError(400, 'InvalidToken', 'Bad token scope');
    if (Number(claims['exp']) * 1000 <= this.now()) throw xrpcError(400, 'ExpiredToken', 'Token has expired');
    const account = this.accounts.find(({ handle }) => didOf(handle) === claims['sub']);
    if (account === undefined) throw xrpcError(400, 'InvalidToken', 'Account not found');
    return account;
  }

  private sign(body: string): string {
    return createHmac('sha256', this.key).update(body).digest('base64url');
  }
}

/** The account's lasting name: from its handle alone, so that it is the same in every run. */
export function didOf(handle: string): string {
  const hash = createHash('sha256').update(handle).digest('hex').slice(0, 24);
  return `did:plc:${[...hash].map((digit) => 'abcdefghijklmnop'[parseInt(digit, 16)]).join('')}`;
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
