/** The data folder cannot be used now; the message says what to do. Nothing in it was touched. */
export class DataDirRefused extends Error {
  override readonly name = 'DataDirRefused';
  readonly forOperator = true;
}
