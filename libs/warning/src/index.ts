export * from './area-fault.js';
export * from './command.js';
export * from './decide.js';
export * from './evolve.js';
export * from './refused.js';
export * from './warning.js';
export * from './whole-content.js';
