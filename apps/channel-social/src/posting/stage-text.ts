import type { Ctx, Outcome, PlatformPart, StagedPart } from '#channel';

/**
 * A post of text alone needs nothing to lie ready. One with pictures is refused aloud rather than posted without them: what is
 * sent must be what was approved.
 */
export function stageText(
  part: PlatformPart,
  _ctx: Ctx,
): Promise<{ staged: StagedPart } | { failed: Outcome }> {
  const { media, account } = part.part;
  if (media.length === 0) return Promise.resolve({ staged: { ...part, staged: {} } });
  const detail = `pictures are not sent to ${account.platform} yet`;
  return Promise.resolve({ failed: { outcome: 'refused', reason: 'media', detail } });
}
