import {
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { ConfiguredAccount } from './accounts/configured-account.js';
import type { SocialConfig } from './config.js';
import { SocialService, type ChannelSocialParts } from './social-service.js';

/** The social service: listens to `<mode>.warnings.v1`, posts on the accounts, reports to deliveries, engagement and inbound. */
@Module({})
export class ChannelSocialModule implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  constructor(private readonly service: SocialService) {}

  /** Registers the channel. `parts` are its own when distributed and everybody's in a standalone. */
  static register(
    config: SocialConfig & { accounts: readonly ConfiguredAccount[] },
    parts: ChannelSocialParts,
  ): DynamicModule {
    return {
      module: ChannelSocialModule,
      providers: [
        {
          provide: SocialService,
          useFactory: async () => {
            const service = new SocialService(config, config.accounts, parts);
            await service.migrate();
            return service;
          },
        },
      ],
      exports: [SocialService],
    };
  }

  /** Not awaited: health, figures and the other apps of a standalone do not wait until the warnings are caught up with. */
  onApplicationBootstrap(): void {
    this.service.startSoon();
  }

  /** Begun here and waited for below: the channels of a standalone stop side by side, and not one after another. */
  onModuleDestroy(): void {
    this.service.close().catch(() => {});
  }

  async onApplicationShutdown(): Promise<void> {
    await this.service.close();
  }
}
