import { types } from 'node:util';

/** Throws, or takes too long, when what it looks at is not ready; the message is shown to the operator. */
export type HealthCheck = () => Promise<void> | void;

/** What `/readyz` answers. */
export type Readiness = { ready: boolean; checks: Record<string, string> };

/** A check that takes longer counts as failed. */
const LONGEST_CHECK_MS = 1_000;

/** What must work before a process takes work. Parts of the process add their checks by name. */
export class HealthRegistry {
  private readonly checks = new Map<string, HealthCheck>();
  private isStopping = false;

  /** Adds a check; a name used twice is a mistake in the code. Returns its removal. */
  add(name: string, check: HealthCheck): () => void {
    if (this.checks.has(name)) throw new Error(`there is a health check named ${name} already`);
    this.checks.set(name, check);
    return () => void this.checks.delete(name);
  }

  /** From now on the process is not ready, whatever the checks say: it is being stopped. */
  stopping(): void {
    this.isStopping = true;
  }

  /** All checks, side by side: `ok` or the reason, by name. */
  async readiness(): Promise<Readiness> {
    const results = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await resultOf(check)] as const),
    );
    const ready = !this.isStopping && results.every(([, result]) => result === 'ok');
    return {
      ready,
      checks: { ...Object.fromEntries(results), ...(this.isStopping ? { process: 'is stopping' } : {}) },
    };
  }
}

async function resultOf(check: HealthCheck): Promise<string> {
  let late: NodeJS.Timeout | undefined;
  try {
    const tooLate = new Promise<string>((resolve) => {
      late = setTimeout(() => resolve(`no answer within ${LONGEST_CHECK_MS} ms`), LONGEST_CHECK_MS);
    });
    return await Promise.race([answer(check), tooLate]);
  } catch (error) {
    return types.isNativeError(error) ? error.message : String(error);
  } finally {
    clearTimeout(late);
  }
}

async function answer(check: HealthCheck): Promise<string> {
  await check();
  return 'ok';
}
