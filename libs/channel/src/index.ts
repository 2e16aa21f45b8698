export type * from './adapter/capabilities.js';
export type * from './adapter/list-sender.js';
export type * from './adapter/outcome.js';
export type * from './adapter/social-adapter.js';
export { channelMigrations } from './migrations/channel-migrations.js';
export {
  ChannelRecord,
  chunkStream,
  warningStream,
  type ChunkKey,
  type Fact,
} from './record/channel-record.js';
export { AccountReports } from './reports/account-reports.js';
export { Receipts, type Receipt, type ReceiptKind } from './receipts/receipts.js';
export { ListChannelService, type ChannelShared, type ListChannelOptions } from './service/list-channel.js';
export { SocialChannelService, type SocialChannelOptions } from './service/social-channel.js';
