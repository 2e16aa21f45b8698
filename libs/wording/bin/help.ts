/** What `wording --help` prints. */
export const HELP = `wording: how long a text is on each platform, and how a warning reads there

  npm run --silent wording -- measure --platform NAME < lines.jsonl
      Reads one JSON object a line, {"text": "…", "options": {…}}, and answers each with one:
      {"used", "max", "fits"} in the platform's own unit, and where it applies parts, pages, encoding, links, bytes.
      A line that cannot be measured is answered {"error": "…"}, and the command ends with 1. Every option may be left out;
      "max" is the limit that the account has now, for all platforms but sms and cellbroadcast.

      x              echo '{"text":"Flood warning: gov.uk/flood"}' | npm run --silent wording -- measure --platform x
                     options: urlCost; reply, true when X puts the @names at its head
      bluesky        echo '{"text":"Rhybudd llifogydd 🌊"}' | … --platform bluesky
      mastodon       echo '{"text":"See https://gov.uk/flood","options":{"max":5000,"urlCost":23,"spoiler":"Flood"}}' | … --platform mastodon
      threads        echo '{"text":"Leave now 🌊"}' | … --platform threads
      facebook       echo '{"text":"Leave now."}' | … --platform facebook
      instagram      echo '{"text":"Leave now."}' | … --platform instagram
      telegram       echo '{"text":"Leave now.","options":{"caption":true}}' | … --platform telegram
      whatsapp       echo '{"text":"Leave now.","options":{"field":"header"}}' | … --platform whatsapp
                     fields: text, template, header, footer, caption, button
      linkedin       echo '{"text":"Stay away (river rising)"}' | … --platform linkedin
      ntfy           echo '{"text":"Leave now."}' | … --platform ntfy
      webpush        echo '{"text":"Leave now."}' | … --platform webpush
      sms            echo '{"text":"Leave now. €5","options":{"reference":16,"maxParts":3}}' | … --platform sms
      cellbroadcast  echo '{"text":"Leave now."}' | … --platform cellbroadcast
      email-subject  echo '{"text":"UPDATE 2: Flood in Whaley Bridge"}' | … --platform email-subject
      email          echo '{"text":"Leave now."}' | … --platform email

  npm run --silent wording -- sms [--bits 8|16] [--reference N] "Leave now."
      The text messages that a text becomes, as hex and text, and what makes them dear. Reads standard input without a text.

  npm run wording -- preview [--width N] libs/wording/samples/masters/11-dam-at-risk.json
      A master on all platforms, side by side, in each of its languages. Ends with 1 when a platform must refuse it.

  npm run wording -- lint [--now 2026-11-22T10:00:00.000Z] libs/wording/samples/masters/11-dam-at-risk.json
  echo "An RTC has closed the A6." | npm run wording -- lint [--mode exercise] [--language cy-GB]
      What a person should look at before it goes out: refusals, findings that need a reason, hints. Ends with 1 on a refusal.
      Without --now no expiry is past.

  npm run wording -- golden
      Writes the golden files in libs/wording/samples anew, for whoever changes a rule on purpose.

  A command that was called in a wrong way, or given what it cannot read, says what to do and ends with 2.
`;
