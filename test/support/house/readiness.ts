import { setTimeout as sleep } from 'node:timers/promises';

/** What a process says of itself on `/readyz`. */
export type Look = { status: number; checks: Record<string, string> };

/** One look at a process; status 0 while nothing listens. */
export async function readiness(url: string): Promise<Look> {
  const answer = await fetch(`${url}/readyz`).catch(() => undefined);
  const body = (await answer?.json().catch(() => undefined)) as { checks?: Look['checks'] } | undefined;
  return answer === undefined || body === undefined
    ? { status: 0, checks: {} }
    : { status: answer.status, checks: body.checks ?? {} };
}

/** Looks until `holds`, and says what was seen last when it never does. */
export async function until(url: string, holds: (look: Look) => boolean, withinMs: number): Promise<Look> {
  for (const end = performance.now() + withinMs; ; await sleep(100)) {
    const look = await readiness(url);
    if (holds(look)) return look;
    if (performance.now() > end) throw new Error(`${url} not within ${withinMs} ms: ${JSON.stringify(look)}`);
  }
}
