export { FolderTaken } from './hold-folder.js';
export * from './platform/account.js';
export {
  FAULT_KINDS,
  type Fault,
  type FaultChannel,
  type FaultKind,
  type FaultOrder,
} from './platform/faults.js';
export type { BounceTo, PracticeWorldOptions } from './options.js';
export { PracticeWorld } from './practice-world.js';
export { practiceRecipients, type PracticeRecipient } from './public/recipients.js';
export {
  ORDINARY_POPULATION,
  SeededPublic,
  type Population,
  type Reactions,
} from './public/seeded-public.js';
export type { Arrival, MailFact, PostFact, TextFact } from './record/facts.js';
