import {
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { SmsConfig } from './config.js';
import { SmsService, type ChannelSmsParts } from './sms-service.js';

/** The SMS service: listens to `<mode>.warnings.v1`, sends through one gateway, reports to `<mode>.deliveries.v1`. */
@Module({})
export class ChannelSmsModule implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  constructor(private readonly service: SmsService) {}

  /** Registers the channel. `parts` are its own when distributed and everybody's in a standalone. */
  static register(config: SmsConfig, parts: ChannelSmsParts): DynamicModule {
    return {
      module: ChannelSmsModule,
      providers: [
        {
          provide: SmsService,
          useFactory: async () => {
            const service = new SmsService(config, parts);
            await service.migrate();
            return service;
          },
        },
      ],
      exports: [SmsService],
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
