export { streamContract, type StreamUnderTest } from './stream-contract.js';
