import { Controller, Get, Header } from '@nestjs/common';
import { escapeHtml } from '#runtime';
import { openApi } from './open-api.js';
import { allProblems, problemsOfRoute, type Route } from './route.js';
import { routes } from './routes.js';

/** The description of this interface, for machines and for people. Open to everyone: it holds no data. */
@Controller('docs')
export class DocsController {
  private readonly document = openApi();
  private readonly html = docsPage(this.document);

  @Get('openapi.json')
  json(): Record<string, unknown> {
    return this.document;
  }

  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  page(): string {
    return this.html;
  }
}

/** The page `/docs`: every route with who may call it, what it takes and what it answers. No script, nothing from elsewhere. */
export function docsPage(document: Record<string, unknown>): string {
  const schemas = (document['components'] as { schemas: Record<string, unknown> }).schemas;
  return `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The interface of incident-command – Larum</title>
<style>body{font:1.05rem/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem}
section{border-top:1px solid #767676;padding:.5rem 0}code,pre{font-size:.95rem}pre{overflow:auto;background:#f3f2f1;padding:.75rem}
td,th{text-align:left;vertical-align:top;padding:.1rem 1rem .1rem 0}</style>
</head>
<body>
<main>
<h1>The interface of incident-command</h1>
<p>A control room writes a warning once, a second officer approves it, and it is on the stream. Machines read
<a href="/docs/openapi.json">openapi.json</a> (OpenAPI 3.1). <a href="/docs/problems">Every problem is explained on a page of its own.</a></p>
<p>Send <code>Authorization: Bearer</code> and your token with every request, and a new <code>Idempotency-Key</code> with every POST;
with the same key a repeat gets the first answer and is not done twice.</p>
${routes.map(section).join('\n')}
<h2>Bodies and answers</h2>
${Object.entries(schemas).map(schemaSection).join('\n')}
</main>
</body>
</html>
`;
}

function section(route: Route): string {
  const { method, path, says, roles, body, xml, answer } = route;
  const rows: [string, string][] = [
    ['Who', roles.length === 0 ? 'every token' : escapeHtml(roles.join(', '))],
    ...(body ? [['Body', link(body.name)] as [string, string]] : []),
    ...(xml ? [['Body', 'one CAP alert as <code>application/cap+xml</code>'] as [string, string]] : []),
    ['Answer', `${answer.status} ${link(answer.name)}`],
    ['Problems', problemsOfRoute(route).map(problemLink).join(', ')],
  ];
  return `<section>
<h2><code>${method.toUpperCase()} /v1${escapeHtml(path)}</code></h2>
<p>${escapeHtml(says)}</p>
<table>${rows.map(([name, text]) => `<tr><th scope="row">${name}</th><td>${text}</td></tr>`).join('')}</table>
</section>`;
}

const link = (name: string) => `<a href="#${name}">${name}</a>`;
const problemLink = (code: keyof typeof allProblems) =>
  `<a href="/docs/problems#${code}"><code>${code}</code></a> ${allProblems[code].status}`;

function schemaSection([name, schema]: [string, unknown]): string {
  return `<section id="${escapeHtml(name)}"><h3>${escapeHtml(name)}</h3><pre>${escapeHtml(JSON.stringify(schema, null, 2))}</pre></section>`;
}
