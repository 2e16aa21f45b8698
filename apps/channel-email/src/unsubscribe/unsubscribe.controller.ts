import { Controller, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { Subscribers } from '#audience';
import { houseProblem } from '#runtime';
import { MailTokens } from '../return-path/mail-tokens.js';
import { unsubscribePage } from './unsubscribe-page.js';

/**
 * Where the public says "no more". No token of ours: what stands in the address is the proof. GET only shows, because mail
 * scanners follow links; POST does it at once, as RFC 8058 §3.2 wants, and as often as anybody likes.
 */
@Controller('v1/unsubscribe')
export class UnsubscribeController {
  constructor(
    private readonly tokens: MailTokens,
    private readonly subscribers: Subscribers,
  ) {}

  @Get(':token')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('cache-control', 'no-store')
  show(@Param('token') token: string): string {
    this.subscriberOf(token);
    return unsubscribePage('ask');
  }

  @Post(':token')
  @HttpCode(200)
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('cache-control', 'no-store')
  async stop(@Param('token') token: string): Promise<string> {
    await this.subscribers.suppress(this.subscriberOf(token), 'opted-out', 'one-click unsubscribe');
    return unsubscribePage('done');
  }

  private subscriberOf(token: string): string {
    const subscriberId = this.tokens.readUnsubscribeToken(token);
    if (subscriberId === undefined)
      throw houseProblem('not-found', 'This link is not one of ours, or it was cut short.');
    return subscriberId;
  }
}
