// How the people of the demo reach a page: as a browser would, with its name and what it sends with a form. A page that
// answers otherwise than expected ends the demo: its people press only what they were shown.

const agents = {
  person:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
  gateway: 'Mozilla/5.0 (compatible; MailGuard link scanner)',
} as const;
export type Agent = keyof typeof agents;

/** The page's text. A link may lead out of here, to a site of the letter that does not exist: that is not followed. */
export async function visit(url: string, agent: Agent, method: 'GET' | 'HEAD' = 'GET'): Promise<string> {
  const answer = await fetch(url, { method, headers: { 'user-agent': agents[agent] }, redirect: 'manual' });
  if (answer.status >= 400) throw new Error(`a page of a mail answered ${answer.status}`);
  return await answer.text();
}

/** False: the page says that it no longer takes this (409). */
export async function press(url: string, fields: { readonly [name: string]: string }): Promise<boolean> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'user-agent': agents.person, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });
  await answer.arrayBuffer();
  if (answer.ok || answer.status === 409) return answer.ok;
  throw new Error(`a button behind a mail was answered with ${answer.status}`);
}
