import type { LinkRules } from './link-rules.js';

/** A path is taken as far as it goes, then given back to the last character that may end it. */
export function endOfPath(text: string, at: number, rules: LinkRules): number {
  if (text.charAt(at) !== '/') return at;
  let end = at + 1;
  for (let next = at + 1; next < text.length;) {
    if (text.charAt(next) === '(') {
      const closed = endOfParentheses(text, next, rules);
      if (closed < 0) break;
      if (rules.closesAnywhere || end === next) end = closed;
      next = closed;
      continue;
    }
    const unit = text.charCodeAt(next);
    if (!rules.inPath(unit)) break;
    next += 1;
    if (rules.endsPath(unit)) end = next;
  }
  return end;
}

/** Parentheses belong to a path when they are closed, are not empty, and hold at most one more pair. */
function endOfParentheses(text: string, at: number, rules: LinkRules): number {
  const skip = (from: number) => {
    let next = from;
    while (next < text.length && rules.inPath(text.charCodeAt(next))) next += 1;
    return next;
  };
  let next = skip(at + 1);
  if (text.charAt(next) === ')' && next > at + 1) return next + 1;
  if (text.charAt(next) !== '(') return -1;
  const inner = skip(next + 1);
  if (inner === next + 1 || text.charAt(inner) !== ')') return -1;
  next = skip(inner + 1);
  return text.charAt(next) === ')' ? next + 1 : -1;
}

/** A query is given back likewise: a question mark alone belongs to the sentence. */
export function endOfQuery(text: string, at: number, rules: LinkRules): number {
  if (text.charAt(at) !== '?') return at;
  let end = at;
  for (let next = at + 1; next < text.length; next += 1) {
    const unit = text.charCodeAt(next);
    if (!rules.inQuery(unit)) break;
    if (rules.endsQuery(unit)) end = next + 1;
  }
  return end;
}
