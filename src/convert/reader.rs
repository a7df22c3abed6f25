//! What reads a text: the one answer for who converts and for who only looks.

use std::ops::Range;

use super::decoded::Decoded;
use super::{Converter, Refusal, several};
use crate::dump::{BOM, TextError};
use crate::profile::{self, Profile, Recognised};

/// What reads a text, and the text that it reads.
pub(crate) enum Reader<'p, 't> {
    /// A profile, in UTF-8.
    Profile(&'p Profile, &'t str),
    /// A profile, in the encoding that it says.
    Decoded(&'p Profile, Decoded),
    /// The general text converter.
    General(&'t str),
}

impl<'p> Converter<'p> {
    /// What reads the text that `bytes` are, or why they are refused whole. `text` is what they are in UTF-8.
    pub(crate) fn reader<'t>(
        &self,
        bytes: &[u8],
        text: Result<&'t str, TextError>,
    ) -> Result<Reader<'p, 't>, Refusal> {
        let text = match text {
            Ok(text) => text,
            Err(error) => return self.decoder(bytes, error),
        };
        let body = text.strip_prefix(BOM).unwrap_or(text);
        match profile::recognise(body, self.profiles.iter().copied()) {
            Recognised::One(profile) => Ok(Reader::Profile(profile, text)),
            Recognised::Several(profiles) => Err(Refusal::Ambiguous(ids(&profiles))),
            Recognised::None if self.only_profiles => Err(self.unrecognised()),
            Recognised::None => match several::second(text) {
                Some(at) => Err(Refusal::Several(at)),
                None => Ok(Reader::General(text)),
            },
        }
    }

    /// What reads a text that is not UTF-8: one profile may say in which encoding it is.
    fn decoder<'t>(&self, bytes: &[u8], error: TextError) -> Result<Reader<'p, 't>, Refusal> {
        let profiles = self.profiles.iter().copied();
        let others = profiles.filter(|profile| profile.encoding() != "utf-8");
        let mut recognised = others.filter_map(|profile| {
            let decoded = Decoded::of(bytes, profile.encoding())?;
            let is_its = profile.recognises(&decoded.text);
            is_its.then_some((profile, decoded))
        });
        match (recognised.next(), recognised.next()) {
            (Some((profile, decoded)), None) => Ok(Reader::Decoded(profile, decoded)),
            (Some((one, _)), Some((other, _))) => Err(Refusal::Ambiguous(ids(&[one, other]))),
            (None, _) => Err(Refusal::Text(error)),
        }
    }

    /// Why an item is refused that no profile recognises, where only profiles may read it.
    pub(super) fn unrecognised(&self) -> Refusal {
        Refusal::Unrecognised(ids(self.profiles))
    }
}

impl Reader<'_, '_> {
    /// The ranges of the text that are items. A byte order mark belongs to the first.
    pub(crate) fn items(&self) -> Vec<Range<usize>> {
        match self {
            Self::General(text) => std::iter::once(0..text.len()).collect(),
            Self::Decoded(profile, decoded) => profile.items(&decoded.text),
            Self::Profile(profile, text) => {
                let body = text.strip_prefix(BOM).unwrap_or(text);
                let mark = text.len() - body.len();
                let items = profile.items(body).into_iter().enumerate();
                let from = |index, start| if index == 0 { 0 } else { mark + start };
                items
                    .map(|(index, range)| from(index, range.start)..mark + range.end)
                    .collect()
            }
        }
    }
}

fn ids(profiles: &[&Profile]) -> Vec<String> {
    let ids = profiles.iter().map(|profile| profile.id().to_owned());
    ids.collect()
}
