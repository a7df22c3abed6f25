//! How the value of a member is read.

use std::borrow::Cow;
use std::ops::Range;

use super::dates;
use super::names::{Take, folded};
use crate::document::json::Value;
use crate::json::Kind;
use crate::record::{WHITE_SPACE, is_ignorable, is_placeholder};
use crate::trace::{Label, MAX_SPANS, Transform};

/// What a member gives.
#[derive(Debug)]
pub(super) enum Reading<'d> {
    /// A value.
    Found(FoundValue<'d>),
    /// It says that there is none.
    Nothing,
    /// It is there, and no value could be read from it.
    Unreadable,
    /// It has half a surrogate pair.
    Undecodable,
    /// It is of a kind that says something else than the name.
    Other,
}

/// A value that was found.
#[derive(Debug)]
pub(super) struct FoundValue<'d> {
    /// The bytes of its groups or members.
    pub(super) spans: Vec<Vec<Range<usize>>>,
    /// How they are read.
    pub(super) via: Vec<Transform>,
    /// What they give.
    pub(super) texts: Vec<Cow<'d, str>>,
    /// What else is said of the value.
    pub(super) aside: Vec<(Range<usize>, Label)>,
}

/// The names of the strings that an object is about.
const TEXTS: [&str; 5] = ["value", "rendered", "main", "text", "#text"];
const NAMES: [&str; 2] = ["name", "value"];
const URLS: [&str; 5] = ["url", "href", "@id", "src", "content_url"];
const TIMES: [&str; 2] = ["value", "$date"];
const IDS: [&str; 3] = ["value", "rendered", "$oid"];

/// Reads a member.
pub(super) fn read(take: Take, value: Value<'_>) -> Reading<'_> {
    if is_hollow(value) {
        return Reading::Nothing;
    }
    let read = match take {
        Take::Text => text(value),
        Take::Name => name(value),
        Take::Names => names(value),
        Take::Identifier => identifier(value),
        Take::License => license(value),
        Take::Paragraphs => paragraphs(value),
        Take::Url => url(value),
        Take::Host => host(value),
        Take::Time => time(value),
        Take::Language => language(value),
        Take::Status => status(value),
        Take::Keywords => keywords(value),
        Take::Images | Take::Links => urls(value),
    };
    match read {
        Ok(found) if found.texts.is_empty() => Reading::Nothing,
        Ok(found) => Reading::Found(found),
        Err(reading) => reading,
    }
}

type Read<'d> = Result<FoundValue<'d>, Reading<'d>>;

/// A string, decoded.
#[derive(Debug)]
struct Text<'d> {
    value: Value<'d>,
    /// The bytes that are meant; several where halves of surrogate pairs are between them.
    spans: Vec<Range<usize>>,
    decoded: Cow<'d, str>,
}

impl<'d> Text<'d> {
    /// A string that says something.
    fn of(value: Value<'d>) -> Result<Self, Reading<'d>> {
        if value.is_halved() {
            return Err(Reading::Undecodable);
        }
        Self::readable(value)
    }

    /// The same, but for halves of surrogate pairs.
    fn readable(value: Value<'d>) -> Result<Self, Reading<'d>> {
        match value.kind() {
            Kind::String => {}
            Kind::Null => return Err(Reading::Nothing),
            Kind::Integer if value.as_i64() == Some(0) => return Err(Reading::Nothing),
            Kind::Integer | Kind::Number => return Err(Reading::Unreadable),
            Kind::Bool | Kind::Array | Kind::Object => return Err(Reading::Other),
        }
        let (spans, mut texts): (Vec<_>, Vec<_>) = value.pieces().into_iter().unzip();
        let decoded = match texts.len() {
            0 | 1 => texts.pop().ok_or(Reading::Undecodable)?,
            _ => Cow::Owned(texts.concat()),
        };
        if is_nothing(&decoded) {
            return Err(Reading::Nothing);
        }
        Ok(Self {
            value,
            spans,
            decoded,
        })
    }

    /// The bytes `range` of its text alone.
    fn cut(self, range: Range<usize>) -> Self {
        let text = self
            .decoded
            .get(range.clone())
            .unwrap_or_default()
            .to_owned();
        Self {
            spans: vec![self.value.within(range)],
            decoded: Cow::Owned(text),
            ..self
        }
    }

    fn by(self, group: Vec<Transform>) -> Read<'d> {
        found(vec![self], group)
    }
}

/// Texts, each read by the same transforms of groups. Those that change none of them are left out.
fn found(texts: Vec<Text<'_>>, group: Vec<Transform>) -> Read<'_> {
    let escapes = texts.iter().any(|text| text.value.has_escapes());
    let mut via = Vec::from_iter(escapes.then_some(Transform::JsonString));
    let (spans, mut texts): (Vec<_>, Vec<_>) = texts
        .into_iter()
        .map(|text| (text.spans, text.decoded))
        .unzip();
    for transform in group {
        if apply(&transform, &mut texts).ok_or(Reading::Unreadable)? {
            via.push(transform);
        }
    }
    Ok(FoundValue {
        spans,
        via,
        texts,
        aside: Vec::new(),
    })
}

/// Whether a transform changes any of the texts; nothing where it does not read one.
fn apply(transform: &Transform, texts: &mut [Cow<'_, str>]) -> Option<bool> {
    let mut changes = false;
    for text in texts {
        let after = transform.apply(text, "").ok()?;
        if after != *text {
            *text = Cow::Owned(after.into_owned());
            changes = true;
        }
    }
    Some(changes)
}

/// Whether a text is what stands where there is no value.
fn is_nothing(text: &str) -> bool {
    let is_blank = |c| WHITE_SPACE.contains(&c) || is_ignorable(c);
    text.chars().all(is_blank) || is_placeholder(text) || text.trim_matches(WHITE_SPACE) == "0"
}

/// Whether an array or object has nothing in it.
fn is_hollow(value: Value<'_>) -> bool {
    match value.kind() {
        Kind::Null => true,
        Kind::Array => value.items().all(|item| item.kind() == Kind::Null),
        Kind::Object => value.is_empty(),
        Kind::String | Kind::Integer | Kind::Number | Kind::Bool => false,
    }
}

/// The scalar that a value is, or is about: the only item of an array, or the only member of an object
/// that is named so.
fn single<'d>(value: Value<'d>, inner: &[&str]) -> Result<Value<'d>, Reading<'d>> {
    if is_hollow(value) {
        return Err(Reading::Nothing);
    }
    match value.kind() {
        Kind::Object => member(value, inner).ok_or(Reading::Other),
        Kind::Array => {
            let mut items = value.items().filter(|item| item.kind() != Kind::Null);
            let item = match (items.next(), items.next()) {
                (Some(item), None) => Some(item),
                _ => by_role(value),
            };
            let item = item.ok_or(Reading::Other)?;
            match item.kind() {
                Kind::Object => member(item, inner).ok_or(Reading::Other),
                Kind::Array => Err(Reading::Other),
                Kind::Null | Kind::Bool | Kind::Integer | Kind::Number | Kind::String => Ok(item),
            }
        }
        Kind::Null | Kind::Bool | Kind::Integer | Kind::Number | Kind::String => Ok(value),
    }
}

/// The scalar of the only member of an object that has one of these names.
fn member<'d>(object: Value<'d>, inner: &[&str]) -> Option<Value<'d>> {
    let mut found = object.members().filter(|member| {
        let name = folded(&member.key);
        let is_scalar = !matches!(member.value.kind(), Kind::Null | Kind::Array | Kind::Object);
        is_scalar && inner.iter().any(|one| folded(one) == name)
    });
    match (found.next(), found.next()) {
        (Some(member), None) => Some(member.value),
        _ => None,
    }
}

/// Of several objects that have roles the one that is the text itself.
fn by_role(array: Value<'_>) -> Option<Value<'_>> {
    ["main", "text"].into_iter().find_map(|role| {
        let is_it = |item: &Value<'_>| {
            let named = item.get("role");
            named.and_then(|named| named.as_str()).as_deref() == Some(role)
        };
        let mut found = array.items().filter(is_it);
        match (found.next(), found.next()) {
            (Some(item), None) => Some(item),
            _ => None,
        }
    })
}

fn text(value: Value<'_>) -> Read<'_> {
    let text = Text::readable(single(value, &TEXTS)?)?;
    text.by(vec![Transform::LineFeeds])
}

/// A name: no URL, and no array in another notation.
fn name(value: Value<'_>) -> Read<'_> {
    let text = Text::of(single(value, &NAMES)?).and_then(named)?;
    text.by(vec![Transform::Trim])
}

fn is_no_name(text: &str) -> bool {
    let text = text.trim_matches(WHITE_SPACE);
    let begins = |with: &str| {
        let head = text.get(..with.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(with))
    };
    let is_url = ["http://", "https://", "www.", "//"]
        .into_iter()
        .any(begins);
    let is_written = |open, close| text.starts_with(open) && text.ends_with(close);
    is_url && !text.contains(WHITE_SPACE) || is_written('[', ']') || is_written('{', '}')
}

/// A text that is a name.
fn named(text: Text<'_>) -> Result<Text<'_>, Reading<'_>> {
    if is_no_name(&text.decoded) {
        return Err(Reading::Unreadable);
    }
    Ok(text)
}

/// The texts of an array, or the one of another value, as `read` takes them; why there are none. Of more than
/// [`MAX_SPANS`] one more: no draft takes them.
fn each<'d>(
    value: Value<'d>,
    inner: &[&str],
    read: impl Fn(Text<'d>) -> Result<Text<'d>, Reading<'d>>,
) -> Result<Vec<Text<'d>>, Reading<'d>> {
    let is_array = value.kind() == Kind::Array;
    let one = (!is_array).then_some(value);
    let (mut known, mut why) = (Vec::new(), Reading::Nothing);
    for item in one.into_iter().chain(value.items()) {
        if known.len() > MAX_SPANS {
            break;
        }
        match single(item, inner).and_then(Text::of).and_then(&read) {
            Ok(text) => known.push(text),
            Err(Reading::Nothing) => {}
            Err(other) => why = other,
        }
    }
    if known.is_empty() {
        Err(why)
    } else {
        Ok(known)
    }
}

fn names(value: Value<'_>) -> Read<'_> {
    let known = each(value, &NAMES, |text| {
        let text = named(without_by(text))?;
        if is_nothing(&text.decoded) {
            return Err(Reading::Nothing);
        }
        Ok(text)
    })?;
    found(known, vec![Transform::Trim])
}

/// A name without the word `By` in front of it.
fn without_by(text: Text<'_>) -> Text<'_> {
    let whole = text.decoded.trim_start_matches(WHITE_SPACE);
    let Some((by, rest)) = whole.split_at_checked(2) else {
        return text;
    };
    let name = rest.trim_start_matches(WHITE_SPACE);
    if !by.eq_ignore_ascii_case("by") || name.len() == rest.len() {
        return text;
    }
    let range = text.decoded.len() - name.len()..text.decoded.len();
    text.cut(range)
}

fn identifier(value: Value<'_>) -> Read<'_> {
    let value = single(value, &IDS)?;
    let is_zero = || value.as_str().is_some_and(|text| text == "0") && !value.has_escapes();
    if value.kind() == Kind::Integer || is_zero() {
        return as_written(value, Vec::new());
    }
    let text = Text::of(value)?;
    text.by(vec![Transform::Trim])
}

/// A number, or a string without escapes.
fn as_written(value: Value<'_>, via: Vec<Transform>) -> Read<'_> {
    let written = value.written().trim_matches('"');
    let mut texts = vec![Cow::Borrowed(written)];
    for transform in &via {
        apply(transform, &mut texts).ok_or(Reading::Unreadable)?;
    }
    Ok(FoundValue {
        spans: vec![vec![value.inside()]],
        via,
        texts,
        aside: Vec::new(),
    })
}

/// A URL, or a licence of Creative Commons by its SPDX identifier.
fn license(value: Value<'_>) -> Read<'_> {
    let text = Text::of(single(value, &URLS)?)?;
    let is_spdx = ["CC-", "CC0-"]
        .iter()
        .any(|head| text.decoded.starts_with(head))
        && !text.decoded.contains(WHITE_SPACE);
    if is_spdx {
        return text.by(Vec::new());
    }
    text.by(vec![Transform::UrlResolve])
        .map_err(|_| Reading::Other)
}

fn url(value: Value<'_>) -> Read<'_> {
    Text::of(single(value, &URLS)?)?.by(vec![Transform::UrlResolve])
}

fn urls(value: Value<'_>) -> Read<'_> {
    let texts = each(value, &URLS, |text| {
        match Transform::UrlResolve.apply(&text.decoded, "") {
            Ok(_) => Ok(text),
            Err(_) => Err(Reading::Unreadable),
        }
    })?;
    found(texts, vec![Transform::UrlResolve])
}

fn host(value: Value<'_>) -> Read<'_> {
    let text = Text::of(value)?;
    let url = format!("https://{}/", text.decoded);
    let is_host = Transform::UrlHost.apply(&url, "");
    if is_host.is_ok_and(|host| *host == *text.decoded) {
        return text.by(Vec::new());
    }
    Err(Reading::Other)
}

fn time(value: Value<'_>) -> Read<'_> {
    let value = single(value, &TIMES)?;
    let read = |text: &str| match dates::read(text) {
        Some((_, time)) if is_no_time(&time) => Err(Reading::Nothing),
        None if is_no_time(text) => Err(Reading::Nothing),
        Some((transform, _)) => Ok(transform),
        None => Err(Reading::Unreadable),
    };
    if matches!(value.kind(), Kind::Integer | Kind::Number) {
        if value
            .written()
            .chars()
            .all(|c| matches!(c, '-' | '0' | '.'))
        {
            return Err(Reading::Nothing);
        }
        let transform = read(value.written())?;
        return as_written(value, vec![transform]);
    }
    let text = Text::of(value)?;
    let transform = read(text.decoded.trim_matches(WHITE_SPACE))?;
    text.by(vec![Transform::Trim, transform])
}

/// Whether a time is where clocks begin, and so stands for none.
fn is_no_time(time: &str) -> bool {
    ["1970-01-01", "0001-01-01", "0000-00-00"]
        .iter()
        .any(|begin| time.starts_with(begin))
}

fn language(value: Value<'_>) -> Read<'_> {
    let text = Text::of(single(value, &TEXTS)?)?;
    text.by(vec![Transform::Trim, Transform::Locale])
}

fn status(value: Value<'_>) -> Read<'_> {
    match value.as_i64() {
        Some(100..=599) => as_written(value, Vec::new()),
        Some(0) => Err(Reading::Nothing),
        _ => Err(Reading::Other),
    }
}

fn paragraphs(value: Value<'_>) -> Read<'_> {
    let is_list = value.kind() == Kind::Array
        && value.len() > 1
        && value
            .items()
            .all(|item| matches!(item.kind(), Kind::String | Kind::Null));
    if !is_list {
        let mut found = text(value)?;
        if let Some(span) = found.spans.iter().flatten().next().cloned() {
            found.aside = forms(value, &span);
        }
        return Ok(found);
    }
    let (mut texts, mut aside) = (Vec::new(), Vec::new());
    for item in value.items() {
        match Text::readable(item) {
            // No draft takes more.
            Ok(_) if texts.len() > MAX_SPANS => break,
            Ok(text) => texts.push(text),
            Err(Reading::Undecodable) => aside.push((item.span(), Label::fixed("undecodable"))),
            Err(_) => {}
        }
    }
    if texts.is_empty() && !aside.is_empty() {
        return Err(Reading::Undecodable);
    }
    let mut found = found(texts, vec![Transform::LineFeeds])?;
    if found.texts.len() > 1 {
        found.via.push(Transform::JoinParagraphs);
        found.texts = vec![Cow::Owned(found.texts.join("\n\n"))];
    }
    found.aside = aside;
    Ok(found)
}

/// The other forms of a text in an array of forms: those that say that they are markup.
fn forms(value: Value<'_>, taken: &Range<usize>) -> Vec<(Range<usize>, Label)> {
    let others = value.items().filter(|item| {
        let span = item.span();
        let is_taken = span.start <= taken.start && taken.end <= span.end;
        let is_markup = item.members().any(|member| {
            let name = folded(&member.key);
            let form = member.value.as_str().unwrap_or_default();
            matches!(&*name, "contenttype" | "role" | "mimetype")
                && ["html", "xml", "nitf"]
                    .iter()
                    .any(|word| form.to_ascii_lowercase().contains(word))
        });
        is_markup && !is_taken
    });
    others
        .map(|item| (item.span(), Label::fixed("value:markup")))
        .collect()
}

fn keywords(value: Value<'_>) -> Read<'_> {
    if value.kind() == Kind::Array {
        let texts = each(value, &NAMES, named)?;
        return found(texts, vec![Transform::Trim]);
    }
    let text = Text::of(single(value, &NAMES)?).and_then(named)?;
    let Some(separator) = [';', '|', ',']
        .into_iter()
        .find(|c| text.decoded.contains(*c))
    else {
        return text.by(vec![Transform::Trim]);
    };
    let is_end = |c: char| c == separator || WHITE_SPACE.contains(&c);
    let start = text.decoded.len() - text.decoded.trim_start_matches(is_end).len();
    let end = text.decoded.trim_end_matches(is_end).len();
    if start >= end {
        return Err(Reading::Nothing);
    }
    let text = text.cut(start..end);
    let pieces: Vec<&str> = text.decoded.split(separator).collect();
    if pieces.iter().any(|piece| is_nothing(piece)) {
        return Err(Reading::Other);
    }
    let mut pieces: Vec<_> = pieces
        .iter()
        .map(|piece| Cow::Owned((*piece).to_owned()))
        .collect();
    let trims = apply(&Transform::Trim, &mut pieces).ok_or(Reading::Unreadable)?;
    let split = (pieces.len() > 1).then(|| Transform::Split(separator.to_string()));
    let mut found = text.by(Vec::new())?;
    found.via.extend(split);
    found.via.extend(trims.then_some(Transform::Trim));
    found.texts = pieces;
    Ok(found)
}
