import { problem } from '../problems/problem-table.js';

/** Levels that a body may have; the deepest that is asked for, a corner of an area in a draft, lies on the ninth. */
const MOST_LEVELS = 32;

/** Throws `too-deep` for a body that would overflow whatever goes down it by recursion. Goes down level by level itself. */
export function checkDepth(body: unknown): void {
  let level: object[] = isNode(body) ? [body] : [];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > MOST_LEVELS) throw problem('too-deep');
    level = level.flatMap((node) => Object.values(node).filter(isNode));
  }
}

const isNode = (value: unknown): value is object => typeof value === 'object' && value !== null;
