/** CAP 1.0, 1.1 and 1.2 in and out: the front door. */
export {
  type Alert,
  type Area,
  type BrokenShape,
  type CapVersion,
  type Circle,
  type Info,
  type LatLon,
  type NamedValue,
  NAMESPACES,
  type Reference,
  type Resource,
  type UnknownContent,
  WORDS,
} from './model/alert.js';
export { type ReadOptions, type AlertReading, type CapReading, readCap } from './reading/read-cap.js';
export type { CapLink } from './reading/links.js';
export { type MsgType, msgTypeOf } from './reading/read-alert.js';
export { capDateTime, instantOf } from './model/instant.js';
export { MOST_BYTES } from './intake/source.js';
export type { RefusalCode } from './intake/refusal.js';
export { type Finding, type FindingCode, type Level, RULES } from './checks/finding.js';
export {
  AreaRefused,
  areaToGeoJson,
  type MultiPolygon,
  polygonsFromGeoJson,
  type Position,
} from './geometry/geo-json.js';
export { type SelfContact, selfContact } from './crossing/self-crossing.js';
export { CapNotWritable, writeCap, type WriteOptions } from './writing/write-cap.js';
export {
  type ActsOn,
  actsOn,
  infosToShow,
  isSameMessage,
  type MessageState,
  type Thread,
  type ThreadMessage,
  threadsOf,
} from './references/threads.js';
export { type ParsedReferences, parseReferences } from './references/parse-references.js';
export { NotSigned, signCap, type SignOptions } from './signatures/sign.js';
export { readCertificates, type Trust, type TrustedSender } from './certificates/trust.js';
export type { SignatureReading, SignatureVerdict } from './signatures/verify.js';
export { PROFILES } from './profiles/profiles.js';
export { type Profile, type ProfileFinding, profileFindings, type ProfileRule } from './profiles/rule.js';
export { tidyAlert } from './writing/tidy-alert.js';
export { atomFeed, entryId, type FeedEntry, type FeedOptions, rssFeed } from './feeds/feeds.js';
