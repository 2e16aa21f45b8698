/** Builders of alerts for specs: `#cap/testing`. Never imported by what ships. */
export { makeIdentity, type Identity } from './certificates.js';
export { anAlert, anArea, anInfo, capText } from './builders.js';
export { mutate, type Random, seeded } from './damage/mutate.js';
export { fullSample } from './samples.js';
