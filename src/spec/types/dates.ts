import { jsonString, type KeyType, keyScalar, sameText } from "./scalar.ts";

const DATE = /^(-?[0-9]{4}|[+-][0-9]{5,7})-([0-9]{2})-([0-9]{2})$/;
const EXPECTED = "a date such as 2026-11-21, from -5877641-06-23 to +5881580-07-11";
const DAYS_IN_400_YEARS = 146_097;
/** From the first of March of the year 0 to the first of January 1970. */
const DAYS_TO_1970 = 719_468;

/**
 * CQL `date`: a day without a time zone. Years before 0 have a minus, years after 9999 a plus, as in ISO 8601.
 *
 * @example
 * date.accept("2026-11-21") // "2026-11-21"
 */
export const date: KeyType<string> = keyScalar<string>(
  {
    name: "date",
    expected: EXPECTED,
    json: jsonString(DATE, EXPECTED, read),
    read,
    compare: (a, b) => (daysOfDate(a) ?? 0) - (daysOfDate(b) ?? 0),
  },
  sameText(read, ["1970-01-01"]),
);

/** Days since 1970-01-01 of a canonical date, or undefined for any other text. */
export function daysOfDate(text: string): number | undefined {
  const [, year, month, day] = (DATE.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const days = daysFromCivil(year, month, day);
  // Written back the same, or it was no date: 2026-02-30, +2026-01-01, -0000-01-01.
  return days === (days | 0) && dateOfDays(days) === text ? days : undefined;
}

/** The canonical date of a count of days since 1970-01-01. */
export function dateOfDays(days: number): string {
  const { year, month, day } = civilFromDays(days);
  const digits = String(Math.abs(year)).padStart(4, "0");
  const sign = year < 0 ? "-" : year > 9999 ? "+" : "";
  return `${sign}${digits}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

/*
 * The proleptic Gregorian calendar, counted in years that begin in March so that the leap day comes last (Howard Hinnant,
 * chrono-compatible low-level date algorithms). A JavaScript Date ends at the year 275760, a Cassandra date does not.
 */
function daysFromCivil(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_IN_400_YEARS + dayOfEra - DAYS_TO_1970;
}

function civilFromDays(days: number): { year: number; month: number; day: number } {
  const shifted = days + DAYS_TO_1970;
  const era = Math.floor(shifted / DAYS_IN_400_YEARS);
  const dayOfEra = shifted - era * DAYS_IN_400_YEARS;
  const leapDays = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

function read(value: unknown): string | undefined {
  return typeof value === "string" && daysOfDate(value) !== undefined ? value : undefined;
}
