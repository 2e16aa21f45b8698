import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccountRef, SocialAdapter } from '#channel';
import type { AdapterUnderTest, PlatformFault, StandingPost } from '#channel/testing';
import { PRACTICE_ACCOUNTS, PracticeWorld, type FaultKind, type PracticeWorldOptions } from '#practice';
import { PlatformHttp, type Call, type Heard } from '../http/platform-http.js';
import { anAccount } from './a-part.js';

/** The practice world's own name for each way to misbehave. */
const FAULTS: Readonly<Record<PlatformFault, FaultKind<'mastodon'> & FaultKind<'bluesky'>>> = {
  refused: 'refuse',
  'login-refused': '401',
  'too-many': '429',
  unavailable: '503',
  'failed-after-storing': '500-after-body',
  'lost-before-storing': 'cut-before-body',
  'lost-after-storing': 'cut-after-body',
  hangs: 'hang',
  rubbish: 'rubbish',
};

/** What an adapter needs to reach its account there. */
export type Way = { http: PlatformHttp; account: AccountRef; handle: string; secret: string };

/** Counts what leaves and would change something there, repeats included. */
class CountedHttp extends PlatformHttp {
  mutations = 0;

  override call(call: Call): Promise<Heard> {
    if (call.method !== 'GET') this.mutations += 1;
    return super.call(call);
  }
}

/** A practice world of its own, for the contract of one platform's adapter. */
export async function practicePlatform(
  platform: 'mastodon' | 'bluesky',
  adapters: (way: Way) => (() => SocialAdapter) | Promise<() => SocialAdapter>,
  options: Partial<PracticeWorldOptions> = {},
): Promise<AdapterUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'adapter-contract-'));
  const practice = await PracticeWorld.open({ dataDir: folder, seed: 'contract', ...options });
  const own = PRACTICE_ACCOUNTS.find((account) => account.platform === platform);
  if (own === undefined) throw new Error(`the practice world has no account on ${platform}`);
  const { handle, secret } = own;
  const http = new CountedHttp(practice.url, { connectTimeoutMs: 5_000, answerTimeoutMs: 1_000 });
  const account = anAccount(platform);
  const open = await adapters({ http, account, handle, secret });
  return {
    open,
    account,
    standing: async () => {
      const posts = new Map<string, StandingPost>();
      for await (const one of practice.arrivals(platform)) {
        if (one.fact === 'post')
          posts.set(one.id, { id: one.id, text: one.text, answers: one.inReplyTo ?? null });
        if (one.fact === 'removal') posts.delete(one.id);
      }
      return [...posts.values()];
    },
    mutations: () => Promise.resolve(http.mutations),
    misbehave: (fault) => void practice.faults.order({ channel: platform, kind: FAULTS[fault], ms: 60_000 }),
    close: async () => {
      await http.close();
      await practice.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
