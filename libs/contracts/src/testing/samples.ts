import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../samples/', import.meta.url);

/** One golden sample per event type: `samples/<Type>.json`. What stands there must be readable for ever. */
export function samples(): { type: string; json: string }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({ type: name.replace('.json', ''), json: readFileSync(new URL(name, folder), 'utf8') }));
}
