import type { Metrics } from '#runtime';
import type { Relay } from './relay.js';

/**
 * Shows on `/metrics` how many events of a record are not on the stream yet: 0 or a handful while all is well. Alarm when it
 * grows for 30 s: what officers record then reaches nobody, though every request is answered.
 */
export function showLag(metrics: Metrics, relay: Pick<Relay, 'lag'>, schema: string): void {
  metrics.reading(
    'larum_relay_lag_events',
    'Events that are recorded and not yet on the stream, for each record',
    { record: schema },
    async () => Number(await relay.lag()),
  );
}
