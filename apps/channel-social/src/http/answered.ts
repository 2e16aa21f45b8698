import type { z } from 'zod';
import type { Heard } from './platform-http.js';

/** What a call that succeeded gave, in the shape of `schema`; undefined for every other end, also for a success that says nothing. */
export function answered<Schema extends z.ZodType>(
  heard: Heard,
  schema: Schema,
): z.infer<Schema> | undefined {
  if (heard.heard !== 'answer' || heard.answer.status < 200 || heard.answer.status > 299) return undefined;
  return schema.safeParse(heard.answer.json).data;
}
