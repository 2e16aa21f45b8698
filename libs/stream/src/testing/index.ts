export { streamContract, type StreamUnderTest } from './stream-contract.js';
export { archiveMigrations } from '../archive/archive-migrations.js';
export { streamMigrations } from '../migrations/stream-tables.js';
