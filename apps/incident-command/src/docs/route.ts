import type { z } from 'zod';
import { houseProblems, type ProblemTable, type Role } from '#runtime';
import { problemTable } from '../problems/problem-table.js';

/** Every problem that a caller of this interface can meet. */
export const allProblems = { ...houseProblems, ...problemTable } as const satisfies ProblemTable;
export type ProblemCode = keyof typeof allProblems;

/** One route as the description of the interface tells it; a test holds it against the routes that really answer. */
export type Route = {
  method: 'get' | 'post' | 'put';
  /** With `:name` for parameters, without `/v1`. */
  path: string;
  /** One sentence for the person who calls it. */
  says: string;
  /** Empty: every token. */
  roles: readonly Role[];
  query?: z.ZodObject;
  body?: { name: string; schema: z.ZodType };
  /** A body that is not JSON. */
  xml?: true;
  answer: { status: number; name: string; schema: z.ZodType };
  /** Its own problems, besides those that every route shares. */
  problems: readonly ProblemCode[];
};

const READING: readonly ProblemCode[] = [
  'request-refused',
  'invalid-request',
  'control-characters',
  'unknown-field',
  'no-token',
  'unknown-token',
  'token-of-the-other-world',
  'internal-error',
  'database-away',
  'stopping',
];
const WRITING: readonly ProblemCode[] = [
  'too-deep',
  'not-your-role',
  'too-large',
  'too-large-to-send',
  'wrong-content-type',
  'too-busy',
];
const REPEATING: readonly ProblemCode[] = ['idempotency-key-missing', 'key-reused'];

/** Every problem that a caller of this route can meet. */
export function problemsOfRoute({ method, roles, xml, problems }: Route): ProblemCode[] {
  return [
    ...new Set<ProblemCode>([
      ...READING,
      ...(roles.length > 0 ? (['not-your-role'] as const) : []),
      ...(method === 'get' ? [] : WRITING),
      ...(method === 'post' ? REPEATING : []),
      ...(method !== 'get' && xml === undefined ? (['not-json'] as const) : []),
      ...problems,
    ]),
  ];
}
