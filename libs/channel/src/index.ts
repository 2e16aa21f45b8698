export type * from './adapter/capabilities.js';
export type * from './adapter/list-sender.js';
export type * from './adapter/outcome.js';
export type * from './adapter/social-adapter.js';
