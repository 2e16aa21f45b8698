import { STATUS } from '../smpp/protocol.js';

/** The gateway refused to bind. */
export class BindRefused extends Error {
  override readonly name = 'BindRefused';

  constructor(readonly status: number) {
    super(`the SMS gateway refused the login with status 0x${status.toString(16).padStart(2, '0')}`);
  }

  /** Whether the login itself is wrong. Anything else, such as an old session that it still holds, may heal by itself. */
  get needsPerson(): boolean {
    const { bindFailed, badPassword, badSystemId } = STATUS;
    return [bindFailed, badPassword, badSystemId].some((status) => status === this.status);
  }
}
