export * from './fake-sender.js';
export * from './list-world.js';
export * from './warnings.js';
