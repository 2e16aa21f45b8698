export * from './adapter-contract.js';
export * from './fake-platform.js';
export * from './fake-sender.js';
export * from './fake-stream.js';
export * from './list-world.js';
export * from './sender-contract.js';
export * from './social-world.js';
export * from './warnings.js';
