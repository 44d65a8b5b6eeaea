//! The day on which a log was last written, by its name or the dates around it: stamps without a year take theirs
//! from it.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// The day on which the source `name` was last written, as far as it is known: by the date in its own name, by the
/// date that the archive or gzip states (`member`), by a date in the name of the archive around it, by the year that
/// the user gave, by the file's own date. Today is never asked.
///
/// ```
/// use doorwarden_parse::written_day;
/// use jiff::civil::date;
///
/// let file = Some(date(2026, 5, 5));
/// assert_eq!(written_day("logs/auth.log-20260103", None, None, file), Some(date(2026, 1, 3)));
/// assert_eq!(written_day("logs/auth.log", None, None, file), file);
/// ```
#[must_use]
pub fn written_day(
    name: &str,
    member: Option<Date>,
    year: Option<i16>,
    file: Option<Date>,
) -> Option<Date> {
    let mut names = name.rsplit('!');
    let own = names.next().and_then(in_name);
    own.or(member)
        .or_else(|| names.find_map(in_name))
        // The last but one day of the year: a day of grace is given for zones, and it must not reach the next year.
        .or_else(|| Date::new(year?, 12, 30).ok())
        .or(file)
}

/// Days before this one are what packers write who know none.
const FIRST_CREDIBLE: i64 = 315_964_800;

/// The day, in UTC, of `seconds` since 1970.
pub(super) fn of_unix(seconds: i64) -> Option<Date> {
    if seconds < FIRST_CREDIBLE {
        return None;
    }
    let time = Timestamp::from_second(seconds).ok()?;
    Some(TimeZone::UTC.to_datetime(time).date())
}

/// Folders of a path whose names may hold the date.
const FOLDERS: usize = 4;

/// The date in a path: in the file's name, in a folder's, or over folders as in `2026/01/03/auth.log`.
pub(super) fn in_name(path: &str) -> Option<Date> {
    let mut parts = path.rsplit(['/', '\\']);
    if let Some(date) = parts.next().and_then(in_word) {
        return Some(date);
    }
    let folders: Vec<&str> = parts.take(FOLDERS).collect();
    if let Some(date) = folders.iter().find_map(|it| in_word(it)) {
        return Some(date);
    }
    folders.windows(3).find_map(|it| match it {
        [day, month, year] if year.len() == 4 => date(year, month, day),
        _ => None,
    })
}

/// The last date in the name of one file or folder.
fn in_word(word: &str) -> Option<Date> {
    let starts = word.as_bytes().iter().enumerate();
    let mut starts = starts.filter(|(at, it)| {
        let before = at.checked_sub(1).and_then(|it| word.as_bytes().get(it));
        it.is_ascii_digit() && !before.is_some_and(u8::is_ascii_digit)
    });
    let mut found = None;
    for (at, _) in starts.by_ref() {
        let Some((before, rest)) = word.split_at_checked(at) else { continue };
        found = of_digits(before, rest).or(found);
    }
    found
}

/// The date that `rest`, which begins with a digit, begins with.
fn of_digits(before: &str, rest: &str) -> Option<Date> {
    let len = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, behind) = rest.split_at_checked(len)?;
    let (Some(first), Some(second)) = (digits.get(..4), digits.get(4..6)) else {
        return apart(digits, behind).or_else(|| of_microsoft(before, digits));
    };
    match len {
        6 => of_microsoft(before, digits).or_else(|| {
            // `202601`, where no day follows: a month.
            last_of(first, second)
        }),
        8 => of_microsoft(before, digits).or_else(|| date(first, second, digits.get(6..8)?)),
        // With the hour, minute and second behind it.
        10 | 12 | 14 => {
            let hour: u8 = digits.get(8..10)?.parse().ok()?;
            date(first, second, digits.get(6..8)?).filter(|_| hour < 24)
        }
        _ => None,
    }
}

/// `2026-01-03`, `2026_01_03`, `2026.01.03`, `03.01.2026`, `2026-01`.
fn apart(digits: &str, behind: &str) -> Option<Date> {
    let mark = behind.chars().next().filter(|it| matches!(it, '-' | '_' | '.'))?;
    let mut parts = behind.get(1..)?.split(|it: char| !it.is_ascii_digit());
    let (second, third) = (parts.next()?, parts.next());
    let third =
        third.filter(|_| behind.get(1 + second.len()..).is_some_and(|it| it.starts_with(mark)));
    match (digits.len(), third) {
        (4, Some(third)) if third.len() == 2 => date(digits, second, third),
        (4, _) if second.len() == 2 => last_of(digits, second),
        (2, Some(third)) if mark == '.' && third.len() == 4 => date(third, second, digits),
        _ => None,
    }
}

/// `u_ex260103.log`, hourly `u_ex26010314.log` and monthly `u_ex2601.log` of IIS, `IN260103.log` of NPS.
fn of_microsoft(before: &str, digits: &str) -> Option<Date> {
    let word = before.rsplit(|it: char| !it.is_ascii_alphabetic()).next()?;
    if !["ex", "in", "nc", "iis", "x"].iter().any(|it| word.eq_ignore_ascii_case(it)) {
        return None;
    }
    let year = format!("20{}", digits.get(..2)?);
    match digits.len() {
        4 => last_of(&year, digits.get(2..4)?),
        6 | 8 => date(&year, digits.get(2..4)?, digits.get(4..6)?),
        _ => None,
    }
}

/// A date in the time of computers' logs.
fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    if month.len() != 2 || day.len() != 2 {
        return None;
    }
    let year: i16 = year.parse().ok().filter(|it| (1990..2100).contains(it))?;
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

fn last_of(year: &str, month: &str) -> Option<Date> {
    date(year, month, "01").map(Date::last_of_month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_stand_in_names() {
        for (name, expected) in [
            ("auth.log-20260103", "2026-01-03"),
            ("auth.log-20260103.gz", "2026-01-03"),
            ("/var/log/secure-2026-01-03", "2026-01-03"),
            ("access_2026_01_03.log", "2026-01-03"),
            ("access.2026.01.03.log", "2026-01-03"),
            ("access 03.01.2026.log", "2026-01-03"),
            ("u_ex260103.log", "2026-01-03"),
            ("u_ex26010314.log", "2026-01-03"),
            ("u_ex2601.log", "2026-01-31"),
            ("C:\\Windows\\System32\\LogFiles\\IN260103.log", "2026-01-03"),
            ("HttpProxy_2026010314-1.LOG", "2026-01-03"),
            ("backup-20260103T101112Z.log", "2026-01-03"),
            ("sshd-2026-01.log", "2026-01-31"),
            ("sshd-202602.log", "2026-02-28"),
            ("2026/01/03/auth.log", "2026-01-03"),
            ("/logs/2026/01/03/vm/auth.log", "2026-01-03"),
            ("2026-01-03/auth.log", "2026-01-03"),
            ("from-20251201-to-20260103.log", "2026-01-03"),
        ] {
            assert_eq!(in_name(name).map(|it| it.to_string()).as_deref(), Some(expected), "{name}");
        }
    }

    #[test]
    fn other_numbers_are_no_dates() {
        for name in [
            "auth.log",
            "auth.log.1",
            "10.20.30.40.log",
            "20261341.log",
            "log.1767441600",
            "u_ex261341.log",
            "198.51.100.20-26.log",
            "18000101.log",
            "host20260.log",
            "202601031.log",
            "",
            "/",
            "é2026é",
        ] {
            assert_eq!(in_name(name), None, "{name}");
        }
    }

    #[test]
    fn the_nearest_date_wins() {
        let day = |text: &str| Some(text.parse::<Date>().unwrap());
        let (member, file) = (day("2025-11-11"), day("2026-05-05"));
        let both = "all-20260110.tar.gz!var/log/auth.log-20260103";
        assert_eq!(written_day(both, member, Some(2024), file), day("2026-01-03"));
        let outer = "all-20260110.tar.gz!var/log/auth.log";
        assert_eq!(written_day(outer, member, Some(2024), file), member);
        assert_eq!(written_day(outer, None, Some(2024), file), day("2026-01-10"));
        assert_eq!(written_day("auth.log", None, Some(2024), file), day("2024-12-30"));
        assert_eq!(written_day("auth.log", None, None, file), file);
        assert_eq!(written_day("auth.log", None, None, None), None);
    }
}
