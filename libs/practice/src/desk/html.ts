const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Makes any text safe inside an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/** A piece of page whose text parts were escaped: only `html` makes one. */
export class Html {
  constructor(readonly markup: string) {}
}

/** A template whose values are escaped, unless they are pieces of page themselves. Lists are joined. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Html | readonly Html[])[]
): Html {
  const markup = values.map((value) => {
    if (value instanceof Html) return value.markup;
    if (typeof value === 'object') return value.map((each) => each.markup).join('');
    return escapeHtml(String(value));
  });
  return new Html(parts.map((part, n) => part + (markup[n] ?? '')).join(''));
}
