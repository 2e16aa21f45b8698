export { EventStream } from './event-stream.js';
export type {
  Batch,
  Handler,
  OutgoingRecord,
  Placed,
  StreamMessage,
  SubscribeTo,
  Subscription,
  SubscriptionHealth,
  TopicPlan,
} from './event-stream.js';
export { eachEvent, type Read } from './events/each-event.js';
export { NeverWorks } from './never-works.js';
export * from './archive/archive.js';
export { archiveKeeper } from './archive/archive-keeper.js';
export { newStream, type StreamConfig } from './new-stream.js';
export { parkedTopic } from './parked.js';
export type { Service } from './service/open-service.js';
export { Follower, type FollowedWorld } from './service/follower.js';
export { serve } from './service/serve.js';
export { subscriptionCheck } from './service/subscription-check.js';
export { untilTopics, type StreamOfWorld } from './service/until-topics.js';
export { portSetting, serviceSettings, type ServiceSettings } from './service/service-settings.js';
