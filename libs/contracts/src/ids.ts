import { z } from 'zod';

const articleOf = (name: string) => (/^[AIO]/.test(name) ? 'an' : 'a');

const id = <Name extends string>(prefix: string, name: Name) =>
  z
    .string()
    .regex(
      new RegExp(`^${prefix}_[0-9a-f]{32}$`),
      `expected ${articleOf(name)} ${name}, such as ${prefix}_0192…`,
    )
    .brand<Name>();

/** One real-world event: owns warnings, partners and a lead agency. `inc_` and a UUIDv7 in 32 hex digits. */
export const IncidentId = id('inc', 'IncidentId');
export type IncidentId = z.infer<typeof IncidentId>;

/** One message to the public about an incident, from first draft to its end. */
export const WarningId = id('wrn', 'WarningId');
export type WarningId = z.infer<typeof WarningId>;

/** A person, or a partner's system, that holds a token. */
export const OfficerId = id('off', 'OfficerId');
export type OfficerId = z.infer<typeof OfficerId>;

/** One identity on a channel: a social account, or the sender of a list channel. */
export const AccountId = id('acc', 'AccountId');
export type AccountId = z.infer<typeof AccountId>;

/** One person on a list channel: an address or a number with a point, a language and consent. */
export const SubscriberId = id('sub', 'SubscriberId');
export type SubscriberId = z.infer<typeof SubscriberId>;

/** An organisation whose people hold tokens. */
export const AgencyId = id('agy', 'AgencyId');
export type AgencyId = z.infer<typeof AgencyId>;

/** Something that waits for a person: a partner's proposal, an item of the inbox. */
export const ItemId = id('itm', 'ItemId');
export type ItemId = z.infer<typeof ItemId>;

/**
 * One version to one recipient, or one part on one account. Not random: the first 32 hex digits of a SHA-256
 * over what it stands for (see `deliveryId` in `#runtime`), so that a repeated event plans nothing new.
 */
export const DeliveryId = id('dlv', 'DeliveryId');
export type DeliveryId = z.infer<typeof DeliveryId>;
