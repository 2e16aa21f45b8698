export * from './contents.js';
export * from './given.js';
export * from './people.js';
export * from './steps.js';
export * from './stories.js';
