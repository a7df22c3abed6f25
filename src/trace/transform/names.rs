//! The names of months and days.

/// The names of months and days in a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Calendar(Language);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    English,
    /// Where its four lines begin in [`TABLE`].
    Listed(usize),
}

/// Which names are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Words {
    Months,
    ShortMonths,
    Days,
    ShortDays,
}

/// The names in other languages than English, from the Unicode CLDR: for each language a line for each
/// directive that reads a name; `,` between the names, `|` between forms of one.
const TABLE: &str = include_str!("../../../spec/date-names.txt");

const MONTHS: &str =
    "january,february,march,april,may,june,july,august,september,october,november,december";
const SHORT_MONTHS: &str = "jan,feb,mar,apr,may,jun,jul,aug,sep,oct,nov,dec";
const DAYS: &str = "monday,tuesday,wednesday,thursday,friday,saturday,sunday";
const SHORT_DAYS: &str = "mon,tue,wed,thu,fri,sat,sun";

impl Calendar {
    /// Those of English, which is what a format without a language reads.
    pub(super) const ENGLISH: Self = Self(Language::English);

    /// Those of a language of the table.
    pub(super) fn of(language: &str) -> Option<Self> {
        let begins = |line: &&str| {
            line.split_once(' ')
                .is_some_and(|(listed, _)| listed == language)
        };
        let first = TABLE.lines().position(|line| begins(&line))?;
        Some(Self(Language::Listed(first)))
    }

    /// The name that `text` begins with, in any case: its number, and what follows it. Of several that it
    /// begins with, the longest.
    pub(super) fn find(self, words: Words, text: &str) -> Option<(usize, &str)> {
        let names = self.line(words).split(',').enumerate();
        let forms =
            names.flat_map(|(number, name)| name.split('|').map(move |form| (number, form)));
        let found = forms.filter_map(|(number, form)| Some((number, after(text, form)?)));
        found.min_by_key(|(_, rest)| rest.len())
    }

    fn line(self, words: Words) -> &'static str {
        match (self.0, words) {
            (Language::English, Words::Months) => MONTHS,
            (Language::English, Words::ShortMonths) => SHORT_MONTHS,
            (Language::English, Words::Days) => DAYS,
            (Language::English, Words::ShortDays) => SHORT_DAYS,
            (Language::Listed(first), words) => {
                let line = match words {
                    Words::Months => first,
                    Words::ShortMonths => first + 1,
                    Words::Days => first + 2,
                    Words::ShortDays => first + 3,
                };
                let line = TABLE.lines().nth(line).unwrap_or_default();
                line.splitn(3, ' ').nth(2).unwrap_or_default()
            }
        }
    }
}

/// What follows `form`, which is in lower case, where `text` begins with it in any case.
fn after<'t>(text: &'t str, form: &str) -> Option<&'t str> {
    let mut wanted = form.chars();
    let mut rest = text;
    while !wanted.as_str().is_empty() {
        let mut characters = rest.chars();
        for lower in characters.next()?.to_lowercase() {
            if wanted.next() != Some(lower) {
                return None;
            }
        }
        rest = characters.as_str();
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{Calendar, TABLE, Words};

    #[test]
    fn the_table_has_every_name_of_every_language() {
        for lines in TABLE.lines().collect::<Vec<_>>().chunks(4) {
            let language = lines.first().unwrap().split(' ').next().unwrap();
            let parts = ["%B", "%b", "%A", "%a"].into_iter().zip([12, 12, 7, 7]);
            for (line, (directive, count)) in lines.iter().zip(parts) {
                let mut words = line.splitn(3, ' ');
                assert_eq!(words.next(), Some(language));
                assert_eq!(words.next(), Some(directive), "{line}");
                let names: Vec<&str> = words.next().unwrap().split(',').collect();
                assert_eq!(names.len(), count, "{line}");
                assert!(names.iter().all(|name| !name.is_empty()), "{line}");
            }
        }
    }

    #[test]
    fn the_longest_name_is_read_in_any_case() {
        let french = Calendar::of("fr").unwrap();
        assert_eq!(french.find(Words::Months, "AOÛT 2022"), Some((7, " 2022")));
        let german = Calendar::of("de").unwrap();
        assert_eq!(german.find(Words::ShortMonths, "März"), Some((2, "")));
        assert_eq!(german.find(Words::ShortMonths, "Mär."), Some((2, ".")));
        assert_eq!(Calendar::of("xx"), None);
        assert_eq!(Calendar::ENGLISH.find(Words::Months, "Mai"), None);
    }
}
