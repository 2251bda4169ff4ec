//! Periods of reports: whole hours, days or months in UTC, bounded in length, never upside down.

/// Seconds of an hour.
const HOUR_S: i64 = 3600;
/// Seconds of a day.
const DAY_S: i64 = 24 * HOUR_S;
/// The longest period of a report, in days.
pub const MOST_DAYS: i64 = 400;
/// The longest period of a report with an item for every hour, in days.
pub const MOST_DAYS_BY_HOUR: i64 = 31;
/// The longest period of a report by month, in days: five years.
pub const MOST_DAYS_BY_MONTH: i64 = 5 * 366;
/// Months of a report by month when the caller does not say.
const DEFAULT_MONTHS: i64 = 12;

/// What a period is cut to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// Whole hours; by default the last 24.
    Hour,
    /// Whole days; by default the last 30.
    Day,
    /// Whole months; by default the last 12.
    Month,
}

/// `[from, until)` in Unix seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first second.
    pub from_s: i64,
    /// The first second after it.
    pub until_s: i64,
}

/// The period cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// Not a time.
    #[error("{0} must be a date (2026-01-31) or an RFC 3339 time (2026-01-31T18:00:00Z)")]
    Time(&'static str),
    /// Nothing in between.
    #[error("from must be before to")]
    Empty,
    /// More than one report shows.
    #[error("the period may have at most {0} days; ask for a shorter one")]
    TooLong(i64),
}

impl Width {
    /// The last start of an hour, day or month at or before a time.
    fn floor(self, unix_s: i64) -> i64 {
        match self {
            Self::Hour => unix_s.div_euclid(HOUR_S) * HOUR_S,
            Self::Day => unix_s.div_euclid(DAY_S) * DAY_S,
            Self::Month => month_start_s(month_of(unix_s)),
        }
    }

    /// The first start at or after it.
    fn ceil(self, unix_s: i64) -> i64 {
        match self {
            Self::Hour => (unix_s + HOUR_S - 1).div_euclid(HOUR_S) * HOUR_S,
            Self::Day => (unix_s + DAY_S - 1).div_euclid(DAY_S) * DAY_S,
            Self::Month => month_start_s(month_of(unix_s - 1) + 1),
        }
    }

    /// Where a period begins by default that ends at `until_s`.
    fn default_from(self, until_s: i64) -> i64 {
        match self {
            Self::Hour => until_s - DAY_S,
            Self::Day => until_s - 30 * DAY_S,
            Self::Month => month_start_s(month_of(until_s) - DEFAULT_MONTHS),
        }
    }
}

impl Period {
    /// The period that a caller asks for, widened to whole hours, days or months. Without `to` it ends now, with the
    /// bucket that is not over yet; without `from` it has the width's default length. It may have `most_days` days.
    pub fn asked(
        from: Option<&str>,
        to: Option<&str>,
        width: Width,
        most_days: i64,
        now_s: i64,
    ) -> Result<Self, PeriodError> {
        let to_s = to.map(|text| parse(text).ok_or(PeriodError::Time("to"))).transpose()?.unwrap_or(now_s);
        let until_s = width.ceil(to_s);
        let from_s = match from {
            Some(text) => width.floor(parse(text).ok_or(PeriodError::Time("from"))?),
            None => width.default_from(until_s),
        };
        if from_s >= until_s {
            return Err(PeriodError::Empty);
        }
        if until_s - from_s > most_days * DAY_S {
            return Err(PeriodError::TooLong(most_days));
        }
        Ok(Self { from_s, until_s })
    }
}

/// Unix seconds of a date or an RFC 3339 time from 1970 to 9999; a fraction of a second is dropped.
fn parse(text: &str) -> Option<i64> {
    let (date, time) = match text.split_once(['T', 't', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let month_days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if year < 1970 || !(1..=month_days).contains(&day) {
        return None;
    }
    let seconds = time.map_or(Some(0), time_of_day)?;
    Some(days_since_1970(year, month, day) * DAY_S + seconds).filter(|&unix_s| unix_s >= 0)
}

/// Seconds since midnight UTC of `18:00:00Z`, `18:00:00.5+02:00`; negative when the offset goes back a day.
fn time_of_day(text: &str) -> Option<i64> {
    let (clock, offset_s) = if let Some(clock) = text.strip_suffix(['Z', 'z']) {
        (clock, 0)
    } else {
        let sign_at = text.rfind(['+', '-'])?;
        let (clock, offset) = text.split_at_checked(sign_at)?;
        let [hours, minutes] = numbers(offset.get(1..)?, ':', [2, 2])?;
        if hours > 23 || minutes > 59 {
            return None;
        }
        let size = hours * HOUR_S + minutes * 60;
        (clock, if offset.starts_with('-') { -size } else { size })
    };
    let clock = match clock.split_once('.') {
        Some((clock, fraction)) if !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit()) => clock,
        Some(_) => return None,
        None => clock,
    };
    let [hours, minutes, seconds] = numbers(clock, ':', [2, 2, 2])?;
    (hours < 24 && minutes < 60 && seconds <= 60).then_some(hours * HOUR_S + minutes * 60 + seconds - offset_s)
}

/// Exactly as many numbers as asked for, each with exactly so many digits.
fn numbers<const N: usize>(text: &str, separator: char, digits: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(separator);
    let mut values = [0; N];
    for (value, digits) in values.iter_mut().zip(digits) {
        let part = parts.next().filter(|part| part.len() == digits && part.bytes().all(|b| b.is_ascii_digit()))?;
        *value = part.parse().ok()?;
    }
    parts.next().is_none().then_some(values)
}

/// Days of the proleptic Gregorian calendar: years are counted from March, so that the leap day comes last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let before_year = 365 * y + y / 4 - y / 100 + y / 400;
    let before_month = (153 * m + 2) / 5;
    const DAYS_TO_1970_03_01: i64 = 365 * 1970 + 1970 / 4 - 1970 / 100 + 1970 / 400;
    before_year + before_month + day - 1 - DAYS_TO_1970_03_01 + 59
}

/// The month of a time, counted from the year 0.
fn month_of(unix_s: i64) -> i64 {
    let days = unix_s.div_euclid(DAY_S);
    // 400 years have 4800 months in 146,097 days; no month begins a whole month beside that average.
    let mut month = 1970 * 12 + (days * 4800).div_euclid(146_097) + 1;
    while month_start_s(month) > unix_s {
        month -= 1;
    }
    month
}

/// The first second of a month that is counted from the year 0.
fn month_start_s(month: i64) -> i64 {
    days_since_1970(month.div_euclid(12), month.rem_euclid(12) + 1, 1) * DAY_S
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW_S: i64 = 1_767_225_600 + 90 * 60; // 2026-01-01T01:30:00Z

    #[test]
    fn times_read_as_rfc_3339_says() {
        for (text, unix_s) in [
            ("1970-01-01", 0),
            ("2000-02-29", 951_782_400),
            ("2026-01-01T00:00:00Z", 1_767_225_600),
            ("2026-01-01T00:00:00.999Z", 1_767_225_600),
            ("2026-01-01T02:00:00+02:00", 1_767_225_600),
            ("2025-12-31t19:00:00-05:00", 1_767_225_600),
            ("2024-12-31T23:59:59Z", 1_735_689_599),
        ] {
            assert_eq!(parse(text), Some(unix_s), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "yesterday",
            "2026-1-1",
            "2026-13-01",
            "2026-02-29",
            "2026-01-01T25:00:00Z",
            "2026-01-01T00:00:00",
            "2026-01-01T00:00:00.Z",
            "1969-12-31",
            "20260-01-01",
            "2026-01-01T00:00:00+24:00",
            "-026-01-01",
            "2026-01-01\0",
            "1970-01-01T00:00:00+01:00",
            "2026-01-01Tü",
            "٢٠٢٦-٠١-٠١",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_period_is_whole_and_ends_with_the_bucket_that_is_not_over() {
        let period = |width| Period::asked(None, None, width, MOST_DAYS, NOW_S).unwrap();
        assert_eq!(
            period(Width::Hour),
            Period { from_s: 1_767_225_600 - 22 * HOUR_S, until_s: 1_767_225_600 + 2 * HOUR_S }
        );
        assert_eq!(period(Width::Day), Period { from_s: 1_767_225_600 - 29 * DAY_S, until_s: 1_767_225_600 + DAY_S });
        assert_eq!(
            Period::asked(Some("2026-01-01T00:10:00Z"), Some("2026-01-01T00:20:00Z"), Width::Hour, MOST_DAYS, NOW_S),
            Ok(Period { from_s: 1_767_225_600, until_s: 1_767_225_600 + HOUR_S })
        );
    }

    #[test]
    fn a_period_is_neither_empty_nor_endless() {
        let asked = |from, to, width| Period::asked(Some(from), Some(to), width, MOST_DAYS, NOW_S);
        assert_eq!(asked("2026-01-02", "2026-01-01", Width::Day), Err(PeriodError::Empty));
        assert_eq!(asked("2026-01-01", "2026-01-01", Width::Hour), Err(PeriodError::Empty));
        let by_hour = Period::asked(Some("2025-11-01"), Some("2026-01-01"), Width::Hour, MOST_DAYS_BY_HOUR, NOW_S);
        assert_eq!(by_hour, Err(PeriodError::TooLong(31)));
        assert!(asked("2025-11-01", "2026-01-01", Width::Hour).is_ok());
        assert_eq!(asked("1970-01-01", "9999-12-31", Width::Day), Err(PeriodError::TooLong(400)));
        assert_eq!(asked("x", "2026-01-01", Width::Day), Err(PeriodError::Time("from")));
        assert_eq!(asked("2026-01-01", "x", Width::Day), Err(PeriodError::Time("to")));
    }

    #[test]
    fn months_are_whole_whatever_their_length() {
        let asked = |from, to| Period::asked(from, to, Width::Month, MOST_DAYS_BY_MONTH, NOW_S);
        let starts = |text| parse(text).unwrap();
        let period = |from, until| Ok(Period { from_s: starts(from), until_s: starts(until) });
        assert_eq!(asked(None, None), period("2025-02-01", "2026-02-01"));
        assert_eq!(asked(Some("2024-02-29"), Some("2024-02-29T00:00:01Z")), period("2024-02-01", "2024-03-01"));
        assert_eq!(asked(Some("2025-11-30"), Some("2026-01-01")), period("2025-11-01", "2026-01-01"));
        assert_eq!(asked(None, Some("2026-01-01")), period("2025-01-01", "2026-01-01"));
        assert_eq!(asked(Some("2020-01-01"), Some("2026-01-01")), Err(PeriodError::TooLong(1830)));
    }

    proptest! {
        #[test]
        fn a_time_lies_in_its_month(unix_s in 0..253_402_300_799i64) {
            let (start, next) = (Width::Month.floor(unix_s), Width::Month.ceil(unix_s + 1));
            prop_assert!(start <= unix_s && unix_s < next);
            prop_assert!((28 * DAY_S..=31 * DAY_S).contains(&(next - start)));
            prop_assert_eq!(Width::Month.ceil(start), start);
        }

        #[test]
        fn each_day_follows_the_one_before(year in 1970..9999i64, month in 1..=12i64, day in 1..=31i64) {
            let text = format!("{year:04}-{month:02}-{day:02}");
            if let Some(today) = parse(&text) {
                let next = [(year, month, day + 1), (year, month + 1, 1), (year + 1, 1, 1)];
                let tomorrow = next.into_iter().find_map(|(y, m, d)| parse(&format!("{y:04}-{m:02}-{d:02}")));
                prop_assert_eq!(tomorrow, Some(today + DAY_S));
            }
        }

        #[test]
        fn no_text_breaks_the_parser(text in ".{0,40}") {
            let _ = parse(&text);
        }
    }
}
