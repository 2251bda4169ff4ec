//! The Gregorian calendar, as far as input is checked against it.

/// How many days a month has; none when there is no such month.
pub fn days_in_month(year: u32, month: u32) -> Option<u32> {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => Some(29),
        2 => Some(28),
        4 | 6 | 9 | 11 => Some(30),
        1..=12 => Some(31),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leap_years_are_those_of_the_gregorian_calendar() {
        let februaries = [2000, 2024, 2026, 2100].map(|year| days_in_month(year, 2));
        assert_eq!(februaries, [Some(29), Some(29), Some(28), Some(28)]);
        assert_eq!([0, 4, 12, 13].map(|month| days_in_month(2026, month)), [None, Some(30), Some(31), None]);
    }
}
