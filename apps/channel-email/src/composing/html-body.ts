const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (found) => ENTITIES[found] ?? found);

/** An address in running text; what follows it as punctuation is not part of it. */
const LINK = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)]/g;

/** The approved text as a page that screen readers and dark screens can show: the same words, in the same order, and nothing else. */
export function htmlBody(
  text: string,
  { language, subject, footer }: { language: string; subject: string; footer: HtmlFooter },
): string {
  const paragraphs = text
    .split(/\n{2,}/)
    .map((paragraph) => `<p style="margin:0 0 16px">${linked(paragraph).replaceAll('\n', '<br>')}</p>`)
    .join('\n');
  return `<!doctype html>
<html lang="${escaped(language)}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(subject)}</title></head>
<body style="margin:0;background:#ffffff;color:#0b0c0c;font:19px/1.5 Arial,Helvetica,sans-serif">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td style="padding:16px;max-width:600px">
${paragraphs}
<p style="margin:24px 0 0;font-size:16px"><a href="${escaped(footer.url)}" style="color:#1d70b8">${escaped(footer.label)}</a></p>
</td></tr></table>
</body>
</html>
`;
}

/** The only part of a mail that differs from person to person; it stands outside the approved text. */
export type HtmlFooter = { label: string; url: string };

function linked(paragraph: string): string {
  let html = '';
  let done = 0;
  for (const found of paragraph.matchAll(LINK)) {
    html += escaped(paragraph.slice(done, found.index));
    html += `<a href="${escaped(found[0])}" style="color:#1d70b8">${escaped(found[0])}</a>`;
    done = found.index + found[0].length;
  }
  return html + escaped(paragraph.slice(done));
}

/** The words that a reader of the page sees, without their form: what `htmlBody` was given, and the words of its footer. */
export function wordsOf(page: string): string {
  const body = page.slice(page.indexOf('<body'));
  const bare = body.replaceAll(/<(br|\/p)>/g, '\n').replaceAll(/<[^>]*>/g, '');
  return bare.replaceAll(/&(amp|lt|gt|quot);/g, (entity) => BACK.get(entity) ?? entity);
}

const BACK = new Map(Object.entries(ENTITIES).map(([character, entity]) => [entity, character]));
