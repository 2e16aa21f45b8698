import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, UseGuards } from '@nestjs/common';
import type { OfficerId } from '#contracts';
import {
  BearerGuard,
  Caller,
  newToken,
  Roles,
  silentLog,
  startHttp,
  TokenBook,
  type HttpServer,
  type TokenHolder,
} from '#runtime';
import { testTokens, type TestTokens } from '#runtime/testing';

const id = (digit: string) => `off_${digit.repeat(32)}` as OfficerId;
const people = {
  ann: { id: id('a'), roles: ['author' as const] },
  bob: { id: id('b'), roles: ['approver' as const, 'reviewer' as const] },
  cat: { id: id('c'), roles: ['partner' as const] },
};

@Controller('open-to-holders')
@UseGuards(BearerGuard)
class Holders {
  @Get()
  who(@Caller() { id: by }: TokenHolder) {
    return { by };
  }
}

@Controller('approvals')
@UseGuards(BearerGuard)
@Roles('approver')
class Approvals {
  @Get()
  all() {
    return {};
  }

  @Get('drafts')
  @Roles('author')
  drafts() {
    return {};
  }
}

@Controller('forgotten')
class Forgotten {
  @Get()
  who(@Caller() by: TokenHolder) {
    return by;
  }
}

let server: HttpServer;
let tokens: TestTokens<keyof typeof people>;
beforeAll(async () => {
  tokens = testTokens(people);
  @Module({
    controllers: [Holders, Approvals, Forgotten],
    providers: [{ provide: TokenBook, useValue: tokens.book }],
  })
  class App {}
  server = await startHttp(App, { name: 'guard', port: 0, log: silentLog });
});
afterAll(async () => {
  await server.close();
  tokens.close();
});

const ask = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${server.url}${path}`, { headers });
  const { code, by } = (await answer.json()) as { code?: string; by?: string };
  return { status: answer.status, said: code ?? by, challenge: answer.headers.get('www-authenticate') };
};
const raw = (authorization: string) => ask('/open-to-holders', { authorization });
const tokenOf = (name: keyof typeof people) => tokens.as[name].authorization.slice('Bearer '.length);

describe('who may come in', () => {
  it('is whoever holds a token, and the route is told who that is', async () => {
    for (const name of ['ann', 'bob', 'cat'] as const)
      expect(await ask('/open-to-holders', tokens.as[name])).toMatchObject({
        status: 200,
        said: people[name].id,
      });
  });

  it.each([
    ['bob', '/approvals', 200],
    ['ann', '/approvals', 403],
    ['cat', '/approvals', 403],
    ['ann', '/approvals/drafts', 200],
    ['bob', '/approvals/drafts', 403], // the route's own roles replace those of its controller
  ] as const)('%s at %s: %i', async (name, path, status) =>
    expect((await ask(path, tokens.as[name])).status).toBe(status),
  );

  it('hears which role is missing, and nothing about who has it', async () => {
    const answer = await fetch(`${server.url}/approvals`, { headers: tokens.as.ann });
    expect(await answer.json()).toMatchObject({
      code: 'not-your-role',
      detail: 'This needs the role approver.',
    });
  });

  it.each([
    ['nothing', '', 'no-token'],
    ['another way of asking', 'Basic YW5uOmh1bnRlcjI=', 'no-token'],
    ['a word without a token', 'Bearer', 'no-token'],
    ['two tokens', 'Bearer one two', 'no-token'],
    ['a token of nobody', `Bearer ${newToken('exercise')}`, 'unknown-token'],
    ['a token of the other world', `Bearer ${newToken('live')}`, 'token-of-the-other-world'],
    ['a token that is nothing of ours', 'Bearer null', 'unknown-token'],
  ])('is not who brings %s', async (_, authorization, code) =>
    expect(await raw(authorization)).toEqual({ status: 401, said: code, challenge: 'Bearer' }),
  );

  it('is told that a token is made for the other world, and not that it is valid there: only its prefix is known here', async () => {
    const authorization = `Bearer ${newToken('live')}`;
    const answer = await fetch(`${server.url}/approvals`, { headers: { authorization } });
    const { detail } = (await answer.json()) as { detail: string };
    expect(detail).toContain('made for the other one');
    expect(detail).not.toContain('valid');
  });

  it('may write the scheme as it likes (RFC 9110 §11.1), but not the token', async () => {
    expect((await raw(`bearer  ${tokenOf('ann')} `)).status).toBe(200);
    expect((await raw(`BEARER ${tokenOf('ann')}`)).status).toBe(200);
    expect((await raw(`Bearer ${tokenOf('ann').toUpperCase()}`)).status).toBe(401);
  });

  it('does not come in by the address, where tokens end in logs', async () =>
    expect((await ask(`/open-to-holders?access_token=${tokenOf('ann')}`)).status).toBe(401));

  it('on a route whose guard was forgotten meets a fault and no holder', async () =>
    expect(await ask('/forgotten', tokens.as.ann)).toMatchObject({ status: 500, said: 'internal-error' }));
});
