export { areaProblem } from './area/area-problem.js';
export { looksChangedOver } from './area/changed-over.js';
export * from './importing/import-subscribers.js';
export { isMailAddress } from './importing/read-line.js';
export { subscriberMigrations } from './migrations/subscriber.migration.js';
export * from './subscribers/subscribers.js';
