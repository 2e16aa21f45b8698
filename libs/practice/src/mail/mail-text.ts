/** What a person sees of a mail without opening it, and its words. */
export type MailText = {
  messageId: string;
  subject: string;
  text: string;
  headers: ReadonlyMap<string, string>;
};

/**
 * Reads a raw mail: headers (unfolded, encoded words decoded) and the first plain-text part, or the HTML part without
 * its tags. Written apart from the composer that the e-mail channel uses, so that the two check each other.
 * Never throws: rubbish in gives empty fields.
 */
export function readMail(raw: Buffer): MailText {
  const { headers, body } = split(raw.toString('latin1'));
  return {
    messageId: headers.get('message-id') ?? '',
    subject: decodeWords(headers.get('subject') ?? ''),
    text: partText(headers, body, 'text/plain') ?? stripTags(partText(headers, body, 'text/html') ?? ''),
    headers,
  };
}

/** The headers alone, as they were written. */
export function rawHeaders(raw: Buffer): string {
  const text = raw.toString('latin1');
  const end = /\r?\n\r?\n/.exec(text);
  return end === null ? text : text.slice(0, end.index);
}

function split(text: string): { headers: Map<string, string>; body: string } {
  const end = /^\r?\n|\r?\n\r?\n/.exec(text); // a part may begin with its empty line: it then has no headers
  const head = end === null ? text : text.slice(0, end.index);
  const body = end === null ? '' : text.slice(end.index + end[0].length);
  const headers = new Map<string, string>();
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return { headers, body };
}

function partText(headers: Map<string, string>, body: string, wanted: string): string | undefined {
  const type = headers.get('content-type') ?? 'text/plain';
  if (/^multipart\//i.test(type)) {
    for (const part of partsOf(body, parameter(type, 'boundary'))) {
      const inner = split(part);
      const found = partText(inner.headers, inner.body, wanted);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!type.toLowerCase().startsWith(wanted)) return undefined;
  return decoded(
    body,
    headers.get('content-transfer-encoding') ?? '7bit',
    parameter(type, 'charset') ?? 'utf-8',
  );
}

function partsOf(body: string, boundary: string | undefined): string[] {
  if (boundary === undefined) return [];
  const parts = `\r\n${body}`.split(`\n--${boundary}`).slice(1);
  const last = parts.findIndex((part) => part.startsWith('--'));
  return (last === -1 ? parts : parts.slice(0, last)).map((part) =>
    part.replace(/^[ \t]*\r?\n/, '').replace(/\r$/, ''),
  );
}

function parameter(header: string, name: string): string | undefined {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;\\s]+))`, 'i').exec(header);
  return found?.[1] ?? found?.[2];
}

function decoded(body: string, encoding: string, charset: string): string {
  switch (encoding.toLowerCase()) {
    case 'base64':
      return inCharset(Buffer.from(body, 'base64'), charset);
    case 'quoted-printable':
      return inCharset(quotedPrintable(body.replace(/=[ \t]*\r?\n/g, '')), charset);
    default:
      return inCharset(Buffer.from(body, 'latin1'), charset);
  }
}

function quotedPrintable(text: string): Buffer {
  const bytes = text.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}

function inCharset(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes).replaceAll('\r\n', '\n');
  } catch {
    return bytes.toString('latin1'); // a character set that nobody knows
  }
}

// RFC 2047: spaces between two encoded words belong to neither.
function decodeWords(text: string): string {
  return text
    .replace(/(=\?[^?]+\?[bq]\?[^?]*\?=)\s+(?==\?)/gi, '$1')
    .replace(
      /=\?([^?*]+)(?:\*[^?]*)?\?([bq])\?([^?]*)\?=/gi,
      (_, charset: string, how: string, word: string) => {
        const bytes =
          how.toLowerCase() === 'b'
            ? Buffer.from(word, 'base64')
            : quotedPrintable(word.replaceAll('_', ' '));
        return inCharset(bytes, charset);
      },
    );
}

function stripTags(markup: string): string {
  return markup
    .replace(/<(style|script|head)\b[^]*?<\/\1>/gi, '')
    .replace(/<\/(p|div|h\d|li|tr)>|<br\s*\/?>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&nbsp;/g, ' ')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
