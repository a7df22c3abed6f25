//! What the name of a file says of it.

use super::{Evidence, Kind, Told, quoted};
use crate::dump::is_litter;
use crate::trace::Layer;

/// The last part of a path.
pub(super) struct Name<'p> {
    name: &'p str,
    /// What is left of the name, its endings for codecs taken off.
    inner: &'p str,
}

/// Endings of files that a codec packs.
const CODECS: [(&str, Layer); 7] = [
    ("gz", Layer::Gzip),
    ("bgz", Layer::Gzip),
    ("zst", Layer::Zstd),
    ("zstd", Layer::Zstd),
    ("lz4", Layer::Lz4),
    ("bz2", Layer::Bzip2),
    ("xz", Layer::Xz),
];

/// Endings of the sources of programs; those that are domains of countries are left out, for a file may be called
/// after a site.
const CODE: [&str; 11] = [
    "bat", "c", "cpp", "css", "go", "h", "java", "js", "php", "ps1", "r",
];

/// The kinds that endings claim.
const CLAIMS: [(&[&str], Kind); 13] = [
    (&["html", "htm", "xhtml"], Kind::Html),
    (&["xml", "nitf"], Kind::Xml),
    (&["rss", "atom"], Kind::Feed),
    (&["json"], Kind::Json),
    (&["jsonl", "ndjson"], Kind::JsonLines),
    (&["csv", "psv"], Kind::Csv),
    (&["tsv", "tab"], Kind::Tsv),
    (&["bib"], Kind::Bibtex),
    (&["ics", "vcf"], Kind::Icalendar),
    (&["srt", "vtt"], Kind::Subtitles),
    (&["tex"], Kind::Latex),
    (&["sql"], Kind::Sql),
    (&CODE, Kind::Code),
];

impl<'p> Name<'p> {
    pub(super) fn of(path: &'p str) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path);
        Self { name, inner: name }
    }

    /// Takes off the ending of a codec, where there is one.
    pub(super) fn unpack(&mut self) {
        if self.codec().is_some()
            && let Some((inner, _)) = self.inner.rsplit_once('.')
        {
            self.inner = inner;
        }
    }

    /// The codec that the ending of the name claims.
    pub(super) fn codec(&self) -> Option<Layer> {
        let codec = CODECS.iter().find(|(ending, _)| self.ends(&[ending]));
        codec.map(|(_, layer)| *layer)
    }

    /// Whether the name ends in one of these extensions, which are lowercase and without their dot.
    pub(super) fn ends(&self, extensions: &[&str]) -> bool {
        self.inner.rsplit_once('.').is_some_and(|(_, extension)| {
            extensions
                .iter()
                .any(|one| one.eq_ignore_ascii_case(extension))
        })
    }

    /// The extension in words; for use where [`Name::ends`] holds for some.
    pub(super) fn extension(&self) -> String {
        let extension = self.inner.rsplit_once('.').map_or("", |(_, last)| last);
        format!("`.{}`", quoted(extension.as_bytes()))
    }

    /// Why the file is notes about the dump, if its name says so.
    pub(super) fn notes(&self) -> Option<Evidence> {
        let stem = self.name.split('.').next().unwrap_or_default();
        let known = ["README", "LICENSE", "LICENCE", "CITATION", "CHANGELOG"];
        let why = if is_litter(self.name) {
            "has the name of something that an operating system or an editor leaves behind".into()
        } else if self.name.starts_with('.') {
            "is hidden: its name begins with a dot".into()
        } else if known.iter().any(|known| known.eq_ignore_ascii_case(stem)) {
            format!("is called `{}`", quoted(self.name.as_bytes())).into()
        } else if self.ends(&["md", "yaml", "yml", "toml"]) {
            self.named()
        } else {
            return None;
        };
        Some(why)
    }

    /// The kind that the ending of the name claims for a text that is like no other kind. It is not read as
    /// prose: what reads the kind says where it is not like it.
    pub(super) fn claims(&self) -> Option<Told> {
        let claim = CLAIMS.iter().find(|(endings, _)| self.ends(endings));
        claim.map(|(_, kind)| (*kind, self.named()))
    }

    /// That the name ends as it does.
    fn named(&self) -> Evidence {
        format!("its name ends in {}", self.extension()).into()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::collections::BTreeSet;

    use super::{CLAIMS, Name};

    /// `dump-content`
    #[test]
    fn the_page_lists_the_endings_that_claim_a_kind() {
        let page = include_str!("../../../spec/dumps.md");
        let rule = page.lines().find(|line| line.contains("{#dump-content}"));
        // The part behind the list tells what some of them say.
        let (listed, _) = rule.unwrap().split_once(", is of the kind").unwrap();
        let listed = listed.split('`').filter_map(|word| word.strip_prefix('.'));
        let claims = CLAIMS.iter().flat_map(|(endings, _)| *endings);
        assert_eq!(
            listed.collect::<BTreeSet<_>>(),
            claims.copied().collect::<BTreeSet<_>>()
        );
    }

    /// A file may be called after a site: `.py` is the domain of Paraguay.
    #[test]
    fn the_domains_of_countries_claim_nothing() {
        for name in ["scrape.py", "abc.com.py", "noticias.pl", "site.rs"] {
            assert_eq!(Name::of(name).claims(), None, "{name}");
        }
    }
}
