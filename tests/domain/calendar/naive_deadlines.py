"""A deliberately naive second implementation of the deadlines of law.md section 11, for comparison only.

Shares no code with the product. Steps one day at a time. Strict: only Saturdays, Sundays and helligdage are
non-working. Lenient: 5/6, 24/12 and 31/12 too and, with `bridge_friday`, the Friday after Kristi himmelfart.

Where section 11 was ambiguous, and what was chosen:
- The register names one calendar or one roll per rule, but a rule gives two dates: every working-day count,
  and every rule with roll `strict` or `lenient`, is worked out once on each calendar (so OPF1, OPF6 and
  REG_INDB, roll `strict`, may get a later lenient date; HOERING etc., roll `lenient`, an earlier strict one).
- Roll `-`: for a working-day count there is nothing to roll; for AKT_GDPR it is "left open", so no roll
  (11.2's remark on Regulation 1182/71 is not followed). `none (strict)` of GENVURD is read as `none`.
- 11.3's "Ends on Sat/Sun/helligdag: next hverdag" gives way to the register's roll column. Rolls go forward.
- "hverdag" is the same as "arbejdsdag" (Saturday is neither), as in the vectors for 8 hverdage.
- AKT_GDPR and BRUD ignore extensions and 1182/71's rounding: one month; 72 elapsed hours, whatever DST does.
- Months and years: same day number; if missing, that month's last day; the clamp is done once, at the end, so
  31/8 + 6 months is 28/2 or 29/2 and 28/2 + 1 month is 28/3 (no end-of-month rule).
- SAMTYKKE gives the last valid day, the day before the anniversary; given 29/2 the anniversary is 28/2, so
  the last valid day is 27/2. KLAGE_STPK2 and KLAGE_STPK5 give the same date, not the day before.
- SAGSBEH "as published": calendar days. HOERING: calendar days. KVIT: working days.
- Received on a non-working day: day 1 is the next working day *of the calendar being counted*.
- Not said: a length under 1 is a ValueError; a length for a rule without one is ignored; BRUD without an
  aware datetime, or a datetime to a rule that counts days, is a ValueError (the caller finds the local day).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

ONE_DAY = timedelta(days=1)
ONE_HOUR = timedelta(hours=1)

RULES: tuple[str, ...] = (
    "AKT_FVL",
    "AKT_SUL",
    "AKT_OFL",
    "AKT_OFL_14",
    "AKT_OFL_KLAGE",
    "AKT_GDPR",
    "HOERING",
    "BEGRUND",
    "BEGRUND_SVAR",
    "KLAGE_RSL",
    "KLAGE_STPK4",
    "KLAGE_STPK2",
    "KLAGE_STPK5",
    "GENVURD",
    "FASTHOLD",
    "VIDERESEND",
    "DIALOG",
    "START_REG",
    "INFO_REG",
    "START_KOM",
    "SAGSBEH",
    "SAMTYKKE",
    "OPF1",
    "OPF6",
    "KVIT",
    "BRUD",
    "REG_INDB",
)


def easter(year: int) -> date:
    """Påskedag, by the anonymous Gregorian algorithm."""
    a = year % 19
    b, c = year // 100, year % 100
    d, e = b // 4, b % 4
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    el = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * el) // 451
    n = h + el - 7 * m + 114
    return date(year, n // 31, n % 31 + 1)


def is_helligdag(day: date) -> bool:
    if (day.day, day.month) in [(1, 1), (25, 12), (26, 12)]:
        return True
    from_easter = (day - easter(day.year)).days
    if from_easter in [-3, -2, 0, 1, 39, 49, 50]:
        return True
    return from_easter == 26 and day.year <= 2023  # Store Bededag


def is_working_day(day: date, lenient: bool, bridge_friday: bool) -> bool:
    if day.weekday() in [5, 6]:
        return False
    if is_helligdag(day):
        return False
    if lenient and (day.day, day.month) in [(5, 6), (24, 12), (31, 12)]:
        return False
    is_bridge = (day - easter(day.year)).days == 40
    return not (lenient and bridge_friday and is_bridge)


def count_working_days(start: date, number: int, lenient: bool, bridge_friday: bool) -> date:
    day = start
    counted = 0
    while counted < number:
        day = day + ONE_DAY
        if is_working_day(day, lenient, bridge_friday):
            counted = counted + 1
    return day


def count_days(start: date, number: int) -> date:
    day = start
    for _ in range(number):
        day = day + ONE_DAY
    return day


def count_months(start: date, number: int) -> date:
    year, month = start.year, start.month
    for _ in range(number):
        month = month + 1
        if month == 13:
            year, month = year + 1, 1
    day = date(year, month, 1)
    while day.day < start.day and (day + ONE_DAY).month == month:
        day = day + ONE_DAY
    return day


def roll(day: date, lenient: bool, bridge_friday: bool) -> date:
    while not is_working_day(day, lenient, bridge_friday):
        day = day + ONE_DAY
    return day


def one_date(rule: str, start: date, length: int | None, lenient: bool, bridge_friday: bool) -> date:
    """The date of a rule that counts days, on one of the two calendars."""
    # Working days.
    if rule in ["AKT_FVL", "AKT_SUL", "AKT_OFL", "AKT_OFL_KLAGE"]:
        return count_working_days(start, 7, lenient, bridge_friday)
    if rule == "AKT_OFL_14":
        return count_working_days(start, 14, lenient, bridge_friday)
    if rule == "INFO_REG":
        return count_working_days(start, 8, lenient, bridge_friday)
    if rule == "KVIT":
        return count_working_days(start, 3 if length is None else length, lenient, bridge_friday)
    # Calendar days, weeks, months and years, rolled.
    if rule == "HOERING":
        return roll(count_days(start, 14 if length is None else length), lenient, bridge_friday)
    if rule == "BEGRUND":
        return roll(count_days(start, 14), lenient, bridge_friday)
    if rule in ["KLAGE_RSL", "KLAGE_STPK4", "FASTHOLD"]:
        return roll(count_days(start, 28), lenient, bridge_friday)
    if rule in ["OPF1", "REG_INDB"]:
        return roll(count_months(start, 1), lenient, bridge_friday)
    if rule == "OPF6":
        return roll(count_months(start, 6), lenient, bridge_friday)
    # The same, never rolled.
    if rule in ["BEGRUND_SVAR", "VIDERESEND", "START_REG", "START_KOM"]:
        return count_days(start, 14)
    if rule in ["GENVURD", "DIALOG"]:
        return count_days(start, 28)
    if rule == "AKT_GDPR":
        return count_months(start, 1)
    if rule == "KLAGE_STPK2":
        return count_months(start, 24)
    if rule == "KLAGE_STPK5":
        return count_months(start, 60)
    if rule == "SAMTYKKE":
        return count_months(start, 12) - ONE_DAY
    if rule == "SAGSBEH":
        if length is None:
            raise ValueError("SAGSBEH needs a length")
        return count_days(start, length)
    raise KeyError(rule)


def naive_deadline(
    rule: str, start: date | datetime, *, length: int | None = None, bridge_friday: bool = False
) -> tuple[date | datetime, date | datetime]:
    """The strict and the lenient date (BRUD: date-time in UTC) of one rule of law.md 11.4."""
    if rule not in RULES:
        raise KeyError(rule)
    if rule in ["HOERING", "SAGSBEH", "KVIT"] and length is not None and length < 1:
        raise ValueError(f"length {length}")
    if rule == "BRUD":
        if not isinstance(start, datetime) or start.utcoffset() is None:
            raise ValueError("BRUD counts hours and needs an aware datetime")
        moment = start.astimezone(UTC)
        for _ in range(72):
            moment = moment + ONE_HOUR
        return moment, moment
    if isinstance(start, datetime):
        raise ValueError(f"{rule} counts days and needs a date")
    strict = one_date(rule, start, length, False, bridge_friday)
    lenient = one_date(rule, start, length, True, bridge_friday)
    return strict, lenient
