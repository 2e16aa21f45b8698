import { expect, it } from '@jest/globals';
import { Metrics } from '#runtime';
import { showLag } from './relay-lag.js';

it('how many events wait for the stream is read anew at each look, for each record by its name', async () => {
  const metrics = new Metrics();
  let behind = 3n;
  showLag(metrics, { lag: async () => behind }, 'incident_command');
  showLag(metrics, { lag: async () => 0n }, 'channel_sms');
  const shown = async () =>
    (await metrics.text()).split('\n').filter((line) => line.startsWith('larum_relay_lag_events'));
  expect((await shown()).sort()).toEqual([
    'larum_relay_lag_events{record="channel_sms"} 0',
    'larum_relay_lag_events{record="incident_command"} 3',
  ]);
  behind = 12_000n;
  expect((await shown()).some((line) => line.endsWith(' 12000'))).toBe(true);
});
