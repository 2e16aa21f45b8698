/** The characters that XML Schema lets stand in an address unescaped (Part 2 §3.2.17): they are taken as if escaped. */
const toEscape = /[^\x21-\x7e]|[<>"{}|\\^`]/g;

const PCHAR = "(?:[A-Za-z0-9\\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})";
const scheme = /^[A-Za-z][A-Za-z0-9+.-]*$/;
const path = new RegExp(`^(?:${PCHAR}|/)*$`);
const query = new RegExp(`^(?:${PCHAR}|[/?])*$`);
const fragmentText = new RegExp(`^(?:${PCHAR}|[/?[\\]])*$`);
const userinfo = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:]|%[0-9A-Fa-f]{2})*$/;
const host = /^(?:\[[^\]]*\]|(?:[A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)$/;
/** What stands in square brackets for a host is not looked into by libxml2, whatever it holds. */
const literal = /^((?:[A-Za-z][A-Za-z0-9+.-]*:)?\/\/(?:[^/?#@[\]]*@)?\[)[^\]]*\]/;
const digits = /^\d+$/;
/** RFC 3986 §3.2.3 names no greatest port; libxml2 counts in 32 bits with a sign. */
const MOST_PORT = 2 ** 31 - 1;

/** Most addresses are of this plain kind; the rules below would find nothing in them. */
const plain = /^https?:\/\/[A-Za-z0-9.-]+(?:\/[A-Za-z0-9._~/=-]*)?$/;

/** Whether the text is a URI reference by RFC 3986 once it is escaped as XLink does. The empty text is one. */
export function isAnyUri(text: string): boolean {
  if (plain.test(text)) return true;
  const escaped = text.replace(toEscape, '_').replace(literal, '$1::1]');
  const hash = escaped.indexOf('#');
  const fragment = hash === -1 ? '' : escaped.slice(hash + 1);
  const beforeFragment = hash === -1 ? escaped : escaped.slice(0, hash);
  const mark = beforeFragment.indexOf('?');
  const question = mark === -1 ? '' : beforeFragment.slice(mark + 1);
  const hierarchy = mark === -1 ? beforeFragment : beforeFragment.slice(0, mark);
  return fragmentText.test(fragment) && query.test(question) && isHierarchy(hierarchy);
}

function isHierarchy(text: string): boolean {
  const colon = text.indexOf(':');
  const slash = text.indexOf('/');
  const hasScheme = colon !== -1 && (slash === -1 || colon < slash);
  // A relative reference may not have a colon in its first segment (RFC 3986 §4.2).
  if (hasScheme && !scheme.test(text.slice(0, colon))) return false;
  const rest = hasScheme ? text.slice(colon + 1) : text;
  if (!rest.startsWith('//')) return path.test(rest);
  const end = rest.indexOf('/', 2);
  const authority = rest.slice(2, end === -1 ? undefined : end);
  return isAuthority(authority) && (end === -1 || path.test(rest.slice(end)));
}

function isAuthority(text: string): boolean {
  const at = text.indexOf('@');
  const behind = text.slice(at + 1);
  const colon = behind.lastIndexOf(':');
  const hasPort = colon !== -1 && !behind.slice(colon).includes(']');
  if (at !== -1 && !userinfo.test(text.slice(0, at))) return false;
  const port = hasPort ? behind.slice(colon + 1) : '0';
  if (!digits.test(port) || Number(port) > MOST_PORT) return false;
  return host.test(hasPort ? behind.slice(0, colon) : behind);
}
