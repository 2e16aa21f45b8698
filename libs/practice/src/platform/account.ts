/** An account of the exercise on one platform. `secret` is Mastodon's access token or Bluesky's app password. */
export type PracticeAccount = {
  platform: 'mastodon' | 'bluesky';
  handle: string;
  name: string;
  secret: string;
};

/** The accounts that a world has when it is not told others. Their secrets open nothing but a practice world. */
export const PRACTICE_ACCOUNTS: readonly PracticeAccount[] = [
  {
    platform: 'mastodon',
    handle: 'county_warnings',
    name: 'County Warnings',
    secret: 'practice-token-county-warnings',
  },
  {
    platform: 'mastodon',
    handle: 'rhybuddion_sir',
    name: 'Rhybuddion y Sir',
    secret: 'practice-token-rhybuddion-sir',
  },
  {
    platform: 'bluesky',
    handle: 'county-warnings.example',
    name: 'County Warnings',
    secret: 'prac-tice-app-word',
  },
];
