import type { AccountHealth } from '#channel';
import type { Heard } from './platform-http.js';

/** How a login does, by the end of a call that only it can make. `detail` is for the officer and holds no secret. */
export function loginHealth(heard: Heard): AccountHealth {
  if (heard.heard !== 'answer') return { health: 'broken', detail: heard.detail };
  if (heard.answer.status === 200) return { health: 'ok', detail: '' };
  return { health: 'broken', detail: `the login was answered with ${heard.answer.status}` };
}
