import { writeSync } from 'node:fs';

/** The last line of `npm test`, for people and programs. A suite that could not even run counts as a failure. */
export default class ClosingLine {
  onRunComplete(_, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests }) {
    const skipped = numPendingTests > 0 ? `${numPendingTests} skipped\n` : '';
    const line = `${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed\n`;
    // At the very end: jest's own summary comes after every reporter.
    process.once('exit', () => writeSync(1, `${skipped}${line}`));
  }
}
