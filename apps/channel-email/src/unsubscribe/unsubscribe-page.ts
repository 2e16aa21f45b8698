const WORDS = {
  ask: {
    title: 'Stop warnings by e-mail? · Rhoi’r gorau i rybuddion e-bost?',
    body: `<p>You will get no more warnings from us by e-mail.</p>
<p lang="cy">Ni fyddwch yn cael mwy o rybuddion gennym drwy e-bost.</p>
<form method="post"><button type="submit">Stop · <span lang="cy">Rhoi’r gorau iddi</span></button></form>`,
  },
  done: {
    title: 'You will get no more warnings by e-mail · Dim mwy o rybuddion e-bost',
    body: `<p>We have stopped. If you are in danger, call 999.</p>
<p lang="cy">Rydym wedi rhoi’r gorau iddi. Os ydych mewn perygl, ffoniwch 999.</p>`,
  },
} as const;

/** The page behind an unsubscribe link, in English and Welsh. It holds nothing about the person. */
export function unsubscribePage(step: keyof typeof WORDS): string {
  const { title, body } = WORDS[step];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head>
<body><main><h1>${title}</h1>
${body}
</main></body></html>
`;
}
