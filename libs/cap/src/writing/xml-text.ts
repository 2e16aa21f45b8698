const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

/** Text for an element or a double-quoted attribute. A carriage return is kept as a reference, or reading would turn it into a line feed. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"\r]/g, (each) => ESCAPES[each] ?? each);
}

/** A number as CAP and xs:decimal write it: never with an exponent. */
export function decimalText(value: number): string {
  const text = String(value + 0);
  if (!text.includes('e')) return text;
  if (Math.abs(value) >= 1) return BigInt(value).toString();
  const [digits = '', places = '0'] = String(Math.abs(value)).replace('.', '').split('e-');
  return `${value < 0 ? '-' : ''}0.${'0'.repeat(Number(places) - 1)}${digits}`;
}
