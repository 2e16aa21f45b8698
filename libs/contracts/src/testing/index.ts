export * from './flood-warning.js';
export * from './people.js';
export * from './samples.js';
