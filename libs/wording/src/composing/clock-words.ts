/** A moment as the clock on the wall shows it. */
type WallClock = { year: number; month: number; day: number; weekday: number; time: string };

type Calendar = {
  weekdays: readonly string[];
  months: readonly string[];
  shortWeekdays: readonly string[];
  shortMonths: readonly string[];
};

const list = (words: string) => words.split(' ');

const ENGLISH: Calendar = {
  weekdays: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'].map(
    (d) => `on ${d}`,
  ),
  months: list('January February March April May June July August September October November December'),
  shortWeekdays: list('Sun Mon Tue Wed Thu Fri Sat'),
  shortMonths: list('Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'),
};

/** Welsh says "on Sunday" by softening the day's first letter: dydd Sul, ddydd Sul. */
const WELSH: Calendar = {
  weekdays: list('Sul Llun Mawrth Mercher Iau Gwener Sadwrn').map((day) => `ddydd ${day}`),
  months: list('Ionawr Chwefror Mawrth Ebrill Mai Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr'),
  shortWeekdays: list('Sul Llun Maw Mer Iau Gwe Sad'),
  shortMonths: list('Ion Chwe Maw Ebr Mai Meh Gorff Awst Medi Hyd Tach Rhag'),
};

const CALENDARS: Record<string, Calendar> = { en: ENGLISH, cy: WELSH };
const formats = new Map<string, Intl.DateTimeFormat>();

function format(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  // Digits only: the words are our own tables, so that no browser's locale data can change an approved text.
  const digits = {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  } as const;
  const made = new Intl.DateTimeFormat('en-GB', { ...digits, hourCycle: 'h23', timeZone });
  formats.set(timeZone, made);
  return made;
}

/** One message asks for the same two moments for every platform; more than these are not kept. */
const MOST_REMEMBERED = 64;
const remembered = new Map<string, WallClock>();

function wallClock(instant: string, timeZone: string): WallClock {
  const key = `${instant} ${timeZone}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const told = tellWallClock(instant, timeZone);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(key, told);
  return told;
}

function tellWallClock(instant: string, timeZone: string): WallClock {
  const parts = new Map(
    format(timeZone)
      .formatToParts(new Date(instant))
      .map(({ type, value }) => [type, value]),
  );
  const number = (name: Intl.DateTimeFormatPartTypes) => Number(parts.get(name));
  const [year, month, day] = [number('year'), number('month'), number('day')];
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return { year, month, day, weekday, time: `${parts.get('hour')}:${parts.get('minute')}` };
}

/** Whether an instant and a time zone can be told as a clock time. */
export function canTell(instant: string, timeZone: string): boolean {
  try {
    return !Number.isNaN(wallClock(instant, timeZone).day);
  } catch {
    return false;
  }
}

/**
 * Clock time and date for the public: `18:00 on Sunday 22 November 2026`, short `18:00 Sun 22 Nov`; in Welsh
 * `18:00 ddydd Sul 22 Tachwedd 2026`. Never "today": a post is read hours later.
 */
export function clockWords(instant: string, language: string, timeZone: string, short: boolean): string {
  const calendar = CALENDARS[language.slice(0, 2)] ?? ENGLISH;
  const { year, month, day, weekday, time } = wallClock(instant, timeZone);
  return short
    ? `${time} ${calendar.shortWeekdays[weekday]} ${day} ${calendar.shortMonths[month - 1]}`
    : `${time} ${calendar.weekdays[weekday]} ${day} ${calendar.months[month - 1]} ${year}`;
}
