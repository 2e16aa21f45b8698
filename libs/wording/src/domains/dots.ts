import { isDomainCharacter } from './domain-run.js';

/** Most texts have dots only before spaces: then there is nothing to look for. */
export function hasDotInsideWord(text: string): boolean {
  for (let dot = text.indexOf('.'); dot >= 0; dot = text.indexOf('.', dot + 1)) {
    if (isDomainCharacter(text.charCodeAt(dot + 1))) return true;
  }
  return false;
}

/**
 * Whether a dot comes before the next space. Asked with rising positions: most words have none, and need no closer look.
 * Neither a protocol nor a domain has a space in it.
 */
export function dotWithinWord(text: string): (at: number) => boolean {
  let dot = -1;
  let space = -1;
  const next = (mark: string, at: number): number => {
    const found = text.indexOf(mark, at);
    return found < 0 ? text.length : found;
  };
  return (at) => {
    if (dot < at) dot = next('.', at);
    if (space < at) space = next(' ', at);
    return dot < space;
  };
}
