export { anyText } from './written-text.js';
export { holds, SEED } from './holds.js';
