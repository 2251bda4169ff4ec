//! Moments as they stand in a mail: `24 November 2026, 20:15 UTC`.

use super::locale::Locale;
use super::words::Words;
use std::fmt;

/// A moment in UTC, to the minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    year: u16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
}

impl Moment {
    /// The moment of an event's time: RFC 3339 in UTC. `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let number = |from: usize, to: usize| text.get(from..to).and_then(|digits| digits.parse::<u16>().ok());
        let small = |from: usize| number(from, from + 2).and_then(|n| u8::try_from(n).ok());
        let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':')];
        let shaped = marks.into_iter().all(|(at, mark)| text.as_bytes().get(at) == Some(&mark)) && text.ends_with('Z');
        let moment =
            Self { year: number(0, 4)?, month: small(5)?, day: small(8)?, hour: small(11)?, minute: small(14)? };
        let real = (1..=12).contains(&moment.month) && (1..=31).contains(&moment.day);
        (shaped && real && moment.hour < 24 && moment.minute < 60).then_some(moment)
    }

    /// The day alone.
    pub fn day(self, locale: Locale) -> impl fmt::Display {
        let Self { year, month, day, .. } = self;
        let month = Words::of(locale).months.get(usize::from(month).saturating_sub(1)).copied().unwrap_or_default();
        fmt::from_fn(move |f| match locale {
            Locale::En => write!(f, "{day} {month} {year}"),
            Locale::Pt => write!(f, "{day} de {month} de {year}"),
        })
    }

    /// Day and time.
    pub fn full(self, locale: Locale) -> impl fmt::Display {
        fmt::from_fn(move |f| write!(f, "{}, {:02}:{:02} UTC", self.day(locale), self.hour, self.minute))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_as_each_language_writes_it() {
        let moment = Moment::parse("2026-03-04T20:05:59.123Z").unwrap();
        assert_eq!(moment.full(Locale::En).to_string(), "4 March 2026, 20:05 UTC");
        assert_eq!(moment.full(Locale::Pt).to_string(), "4 de março de 2026, 20:05 UTC");
        assert_eq!(moment.day(Locale::Pt).to_string(), "4 de março de 2026");
    }

    #[test]
    fn what_is_no_moment_is_not_shown() {
        for bad in
            ["", "soon", "2026-13-04T20:05:59Z", "2026-03-04", "2026-03-04T20:05:59+01:00", "2026-03-04T99:05:00Z"]
        {
            assert_eq!(Moment::parse(bad), None, "{bad}");
        }
    }
}
