//! Numbers, sizes and times as people read them.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// `1234567` as `1,234,567`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if 0 < at && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 file`, `2 files`.
pub(crate) fn counted(number: u64, thing: &str) -> String {
    let plural = match thing {
        "address" => "addresses",
        "entry" => "entries",
        "country" => "countries",
        _ => "",
    };
    match number {
        1 => format!("1 {thing}"),
        _ if plural.is_empty() => format!("{} {thing}s", count(number)),
        _ => format!("{} {plural}", count(number)),
    }
}

/// A number of bytes with its unit: `52.1 MB`.
pub(crate) fn bytes(number: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if number < 1_000 {
        return format!("{number} B");
    }
    let (mut tenths, mut unit) = (number / 100, "kB");
    for next in UNITS.into_iter().skip(1) {
        if tenths < 10_000 {
            break;
        }
        (tenths, unit) = (tenths / 1_000, next);
    }
    format!("{}.{} {unit}", tenths / 10, tenths % 10)
}

/// `part` of `whole` in percent, with one decimal; never rounded up to all or down to nothing.
pub(crate) fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let mill = u128::from(part) * 1_000 / u128::from(whole);
    match mill {
        0 if 0 < part => "<0.1 %".to_owned(),
        _ if part == whole => "100 %".to_owned(),
        _ if part == 0 => "0 %".to_owned(),
        _ => format!("{}.{} %", mill / 10, mill % 10),
    }
}

/// `2026-10-20 00:04:19`, in UTC.
pub(crate) fn moment(time: Timestamp) -> String {
    civil(time).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// `Tue 20 Oct 2026`, in UTC.
pub(crate) fn long_day(time: Timestamp) -> String {
    civil(time).strftime("%a %-d %b %Y").to_string()
}

/// `20 Oct 2026`.
pub(crate) fn date(date: Date) -> String {
    date.strftime("%-d %b %Y").to_string()
}

/// `00:04:19`, in UTC.
pub(crate) fn clock(time: Timestamp) -> String {
    civil(time).strftime("%H:%M:%S").to_string()
}

/// From `first` to `last`, the day said once: `2026-10-20 00:04 – 02:10`.
pub(crate) fn span(first: Timestamp, last: Timestamp) -> String {
    let (from, to) = (civil(first), civil(last));
    let begin = from.strftime("%Y-%m-%d %H:%M");
    if from.strftime("%Y-%m-%d %H:%M").to_string() == to.strftime("%Y-%m-%d %H:%M").to_string() {
        begin.to_string()
    } else if from.date() == to.date() {
        format!("{begin} – {}", to.strftime("%H:%M"))
    } else if from.year() == to.year() {
        format!("{begin} – {}", to.strftime("%m-%d %H:%M"))
    } else {
        format!("{begin} – {}", to.strftime("%Y-%m-%d %H:%M"))
    }
}

/// A length of time in its two largest units: `2 h 6 min`, `340 d`.
pub(crate) fn length(seconds: u64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) if seconds.is_multiple_of(60) => format!("{minutes} min"),
        (0, 0, _) => format!("{minutes} min {} s", seconds % 60),
        (0, _, 0) => format!("{hours} h"),
        (0, _, _) => format!("{hours} h {minutes} min"),
        (1..=13, 1.., _) => format!("{days} d {hours} h"),
        _ => format!("{} d", count(days)),
    }
}

/// `ana`, `ana and ben`, `ana, ben and 3 more`: at most `most` names of `total`.
pub(crate) fn listed(names: &[String], most: usize, total: u64) -> String {
    let shown = names.iter().take(most);
    let more = total.saturating_sub(shown.len() as u64);
    let text = shown.cloned().collect::<Vec<_>>();
    match (text.split_last(), more) {
        (None, 0) => String::new(),
        (None, _) => count(more),
        (Some(_), 1..) => format!("{} and {} more", text.join(", "), count(more)),
        (Some((last, [])), 0) => last.clone(),
        (Some((last, first)), 0) => format!("{} and {last}", first.join(", ")),
    }
}

fn civil(time: Timestamp) -> jiff::civil::DateTime {
    TimeZone::UTC.to_datetime(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn numbers_are_readable() {
        assert_eq!(
            [count(0), count(999), count(1_000), count(1_234_567)],
            ["0", "999", "1,000", "1,234,567"]
        );
        assert_eq!([counted(1, "file"), counted(1_200, "address")], ["1 file", "1,200 addresses"]);
        assert_eq!(
            [bytes(0), bytes(999), bytes(52_149_000), bytes(3 << 40)],
            ["0 B", "999 B", "52.1 MB", "3.2 TB"]
        );
        assert_eq!(
            [percent(0, 0), percent(0, 5), percent(1, 5_000), percent(4_999, 5_000), percent(5, 5)],
            ["–", "0 %", "<0.1 %", "99.9 %", "100 %"]
        );
    }

    #[test]
    fn times_say_no_part_twice() {
        let first = at("2026-10-20T00:04:19Z");
        assert_eq!(span(first, at("2026-10-20T00:04:50Z")), "2026-10-20 00:04");
        assert_eq!(span(first, at("2026-10-20T02:10:00Z")), "2026-10-20 00:04 – 02:10");
        assert_eq!(span(first, at("2026-11-01T02:10:00Z")), "2026-10-20 00:04 – 11-01 02:10");
        assert_eq!(span(first, at("2027-01-01T02:10:00Z")), "2026-10-20 00:04 – 2027-01-01 02:10");
        assert_eq!(
            [length(40), length(60), length(7_560), length(90_000), length(86_400 * 340)],
            ["40 s", "1 min", "2 h 6 min", "1 d 1 h", "340 d"]
        );
    }

    #[test]
    fn lists_say_how_many_they_leave_out() {
        let names = ["ana".to_owned(), "ben".to_owned(), "cem".to_owned()];
        assert_eq!(listed(&names, 3, 3), "ana, ben and cem");
        assert_eq!(listed(&names, 2, 40), "ana, ben and 38 more");
        assert_eq!(listed(&[], 2, 0), "");
    }
}
