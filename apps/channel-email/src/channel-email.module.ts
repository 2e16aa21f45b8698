import { Module, type DynamicModule } from '@nestjs/common';
import { Subscribers } from '#audience';
import type { EmailSettings } from './config.js';
import { EmailService, type EmailParts } from './email-service.js';
import { MailTokens } from './return-path/mail-tokens.js';
import { UnsubscribeController } from './unsubscribe/unsubscribe.controller.js';

/** The e-mail service: listens to `<mode>.warnings.v1`, sends through one relay, reports to `<mode>.deliveries.v1`. */
@Module({})
export class ChannelEmailModule {
  static register(settings: EmailSettings, parts: EmailParts): DynamicModule {
    const tokens = new MailTokens(settings.MAIL_TOKEN_KEY, settings.BOUNCE_DOMAIN);
    return {
      module: ChannelEmailModule,
      controllers: [UnsubscribeController],
      providers: [
        { provide: MailTokens, useValue: tokens },
        {
          provide: EmailService,
          useFactory: async () => {
            const service = new EmailService(settings, parts, tokens);
            await service.migrate();
            return service;
          },
        },
        {
          provide: Subscribers,
          useFactory: (email: EmailService) => email.list.subscribers,
          inject: [EmailService],
        },
      ],
    };
  }
}
