import type { DynamicModule } from '@nestjs/common';
import type { Service } from '#stream';
import { ChannelEmailModule } from '../../../channel-email/src/channel-email.module.js';
import { ChannelSmsModule } from '../../../channel-sms/src/channel-sms.module.js';
import { ChannelSocialModule } from '../../../channel-social/src/channel-social.module.js';
import type { LiveSettings } from './live-settings.js';

/** The channels that are set up, and the names of those that are not. */
export function liveChannels(
  { config, email, sms, social }: LiveSettings,
  parts: Service,
): { modules: DynamicModule[]; absent: string[] } {
  const channels = {
    email: email && ChannelEmailModule.register(email, { ...parts, host: config.HOST }),
    sms: sms && ChannelSmsModule.register(sms, parts),
    social: social && ChannelSocialModule.register(social, parts),
  };
  const all = Object.entries(channels);
  return {
    modules: all.flatMap(([, module]) => module ?? []),
    absent: all.flatMap(([name, module]) => (module === undefined ? [name] : [])),
  };
}
