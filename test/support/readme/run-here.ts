/**
 * What `end-to-end/readme.e2e.spec.ts` runs and compares, by README: a command must be one of these word for word. Tokens, ports and
 * folders come from the house that the test has started.
 */
export const RUN_HERE: Readonly<Record<string, readonly string[]>> = {
  'README.md': ['npm start', 'npm test'],
  'apps/partner-gateway/README.md': [
    `curl -N -H "Authorization: Bearer $TOKEN" 'http://127.0.0.1:8080/v1/events?types=WarningIssued,WarningCancelled'`,
  ],
  'apps/practice-world/README.md': [
    'MODE=exercise BOUNCE_HOST=127.0.0.1 node dist/apps/practice-world/src/main.js',
    `curl -X POST http://127.0.0.1:8089/practice/faults -H 'content-type: application/json' -d '{"channel":"sms","kind":"throttle","count":10}'`,
  ],
};
