import { PRACTICE_ACCOUNTS, type PostFact } from '#practice';

/** Takes a post down on the practice platform, as somebody with the account's own log-in may at any time. */
export async function takeDown(url: string, { channel, id, to }: PostFact): Promise<void> {
  const account = PRACTICE_ACCOUNTS.find(({ handle }) => handle === to);
  if (account === undefined) throw new Error(`the practice world has no account ${to}`);
  if (channel === 'mastodon') {
    const path = `/api/v1/statuses/${encodeURIComponent(id)}`;
    await done(fetch(url + path, { method: 'DELETE', headers: bearer(account.secret) }));
    return;
  }
  const logIn = { identifier: account.handle, password: account.secret };
  const session = await done(post(`${url}/xrpc/com.atproto.server.createSession`, logIn));
  const { did, accessJwt } = (await session.json()) as { did: string; accessJwt: string };
  const [collection, rkey] = id.split('/').slice(-2);
  const path = '/xrpc/com.atproto.repo.deleteRecord';
  await done(post(url + path, { repo: did, collection, rkey }, bearer(accessJwt)));
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const post = (url: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

async function done(call: Promise<Response>): Promise<Response> {
  const answer = await call;
  if (!answer.ok) throw new Error(`a post could not be taken down: ${answer.status} ${await answer.text()}`);
  return answer;
}
