import { join } from 'node:path';
import type { DynamicModule } from '@nestjs/common';
import type { Database } from '#postgres';
import type { PracticeWorld } from '#practice';
import type { Service } from '#stream';
import { ChannelEmailModule } from '../../../channel-email/src/channel-email.module.js';
import { ChannelSmsModule } from '../../../channel-sms/src/channel-sms.module.js';
import { ChannelSocialModule } from '../../../channel-social/src/channel-social.module.js';
import type { ExerciseConfig } from '../config.js';
import { LLANRWST } from '../exercise/flood-content.js';
import { fillLists } from './fill-lists.js';
import { practiceEmail, practiceSms, practiceSocial, reachedAt, type Doors } from './practice-settings.js';

/** What an exercise runs against, and its channels, which reach nothing else. */
export type Practice = {
  url: string;
  modules: DynamicModule[];
  /** Puts the exercise's people on both lists, if they are empty. Once the channels have their tables; until then nothing is ready. */
  fill(db: Database): Promise<void>;
  close(): Promise<void>;
};

/**
 * Opens the practice world on the next ports. Its code is loaded here and only in an exercise: a live process has none in it at
 * all (DESIGN §5).
 */
export async function openPractice(
  config: ExerciseConfig,
  dataDir: string,
  parts: Service,
): Promise<Practice> {
  const { PORT, HOST, PRACTICE_SEED, PRACTICE_RECIPIENTS, REACTIONS_MS } = config;
  const { PracticeWorld, PRACTICE_ACCOUNTS, practiceRecipients } = await import('#practice');
  const world =
    config.PRACTICE_URL !== undefined
      ? practiceAt(config.PRACTICE_URL)
      : await PracticeWorld.open({
          dataDir: join(dataDir, 'practice-world'),
          seed: PRACTICE_SEED,
          host: HOST,
          ports: { http: PORT + 1, smtp: PORT + 2, smpp: PORT + 3 },
          bounceTo: { host: '127.0.0.1', port: PORT + 4 },
          reactionsMs: REACTIONS_MS,
        });
  const doors: Doors = {
    ...world.ports,
    host: config.PRACTICE_URL === undefined ? reachedAt(HOST) : new URL(config.PRACTICE_URL).hostname,
    bounces: PORT + 4,
    url: `http://${reachedAt(HOST)}:${PORT}`,
    mailSink: config.PRACTICE_SMTP_URL,
  };
  const areFilled = parts.health.add('lists', () => {
    throw new Error('the people of the exercise are not on the lists yet');
  });
  return {
    url: `http://${doors.host}:${doors.http}`,
    modules: [
      ChannelEmailModule.register(practiceEmail(dataDir, doors), { ...parts, host: HOST }),
      ChannelSmsModule.register(practiceSms(doors), parts),
      ChannelSocialModule.register(practiceSocial(doors, PRACTICE_ACCOUNTS), parts),
    ],
    fill: async (db) => {
      await fillLists(db, practiceRecipients(PRACTICE_SEED, PRACTICE_RECIPIENTS, LLANRWST, 4));
      areFilled();
    },
    close: () => world.close(),
  };
}

/** A practice world that somebody else runs: its doors, and nothing to close. */
function practiceAt(address: string): Pick<PracticeWorld, 'ports' | 'close'> {
  const http = Number(new URL(address).port);
  return { ports: { http, smtp: http + 1, smpp: http + 2 }, close: () => Promise.resolve() };
}
