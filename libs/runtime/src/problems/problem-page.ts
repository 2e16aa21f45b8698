import type { ProblemTable } from './problem.js';

/** The page `/docs/problems`: every problem under an anchor of its own, in the order of its status. */
export function problemPage(table: ProblemTable): string {
  const rows = Object.entries(table).sort(
    ([a, one], [b, other]) => one.status - other.status || a.localeCompare(b),
  );
  return `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Problems and what to do about them – Larum</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}
section{border-top:1px solid #767676;padding:.5rem 0}section:target{background:#fff7bf}code{font-size:1rem}</style>
</head>
<body>
<main>
<h1>Problems and what to do about them</h1>
<p>An answer that is not a success is <code>application/problem+json</code> (RFC 9457). Its <code>code</code> never changes its meaning.</p>
${rows.map(([code, entry]) => section(code, entry)).join('\n')}
</main>
</body>
</html>
`;
}

function section(code: string, { status, title, meaning, whatToDo }: ProblemTable[string]): string {
  return `<section id="${escapeHtml(code)}">
<h2>${escapeHtml(title)}</h2>
<p><code>${escapeHtml(code)}</code>, HTTP status ${status}</p>
<p>${escapeHtml(meaning)}</p>
<p><strong>What to do:</strong> ${escapeHtml(whatToDo)}</p>
</section>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** The text as HTML shows it, in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (found) => ENTITIES[found] ?? found);
}
