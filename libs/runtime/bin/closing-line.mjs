/** The last line of `npm test`, for people and programs. A suite that could not even run counts as a failure. */
export default class ClosingLine {
  onRunComplete(_, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests }) {
    const skipped = numPendingTests > 0 ? `${numPendingTests} skipped\n` : '';
    process.stdout.write(
      `${skipped}${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed\n`,
    );
  }
}
