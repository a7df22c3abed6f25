//! JSON that may be wrong in every way, and ways to make it so.

use serde_json::Value;

use super::dice::Dice;

/// A text in pieces. Leaves and keys are held as they are written, also where that is no JSON.
#[derive(Debug, Clone)]
pub(super) enum Tree {
    Leaf(String),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

/// Leaves to put in the place of others.
const LEAVES: &[&str] = &[
    "null",
    "true",
    "false",
    "\"\"",
    "[]",
    "{}",
    "0",
    "1",
    "-1",
    "\"x\"",
    "\" \"",
    "\"2022-02-30\"",
    "\"2022-02-11T24:00Z\"",
    "[null]",
    "{\"\":null}",
    "NaN",
    "'x'",
    "",
];

const NUMBERS: &[&str] = &[
    "1.0",
    "1e2",
    "-0",
    "-1",
    "0",
    "00",
    "1",
    "99",
    "100",
    "599",
    "600",
    "0.5",
    "1E400",
    "9007199254740991",
    "-9007199254740991",
    "9007199254740992",
    "9007199254740993",
    "18446744073709551616",
    "\"1\"",
];

/// Characters that something treats in a way of its own.
const CHARACTERS: &[char] = &[
    'a',
    'Z',
    '0',
    '9',
    ':',
    '-',
    '+',
    '.',
    '/',
    '%',
    '~',
    '"',
    '\\',
    ' ',
    '\n',
    '\r',
    '\t',
    '\0',
    '\u{1F}',
    '\u{7F}',
    '\u{80}',
    'é',
    '\u{301}',
    'а',
    '０',
    '\u{2028}',
    '\u{FEFF}',
    '\u{FFFD}',
    '\u{FFFF}',
    '𝟎',
    '\u{10FFFF}',
];

/// Characters that look like others.
const ALIKE: &[(char, char)] = &[
    ('a', 'а'),
    ('e', 'е'),
    ('o', 'о'),
    ('s', 'ѕ'),
    ('0', '０'),
    ('1', '𝟏'),
    ('-', '–'),
    (':', '：'),
    ('/', '⁄'),
    ('T', 't'),
    ('Z', 'z'),
];

/// Lengths at which a schema's limits lie, and beside them.
const LENGTHS: &[usize] = &[0, 1, 2, 8, 9, 63, 64, 65, 127, 128, 129, 1_000];

impl Tree {
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Array(items) => Self::List(items.iter().map(Self::of).collect()),
            Value::Object(members) => {
                let member = |(key, value): (&String, &Value)| (quoted(key), Self::of(value));
                Self::Object(members.iter().map(member).collect())
            }
            leaf @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
                Self::Leaf(leaf.to_string())
            }
        }
    }

    /// The text, with white space here and there.
    pub(super) fn text(&self, dice: &mut Dice) -> Vec<u8> {
        let spaced = dice.one_in(4);
        let mut text = String::new();
        self.write(spaced, dice, &mut text);
        text.into_bytes()
    }

    fn write(&self, spaced: bool, dice: &mut Dice, out: &mut String) {
        let space = |out: &mut String, dice: &mut Dice| {
            if spaced {
                out.push_str(dice.of(&["", "", " ", "\n", "\t\r\n"]));
            }
        };
        match self {
            Self::Leaf(leaf) => out.push_str(leaf),
            Self::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    space(out, dice);
                    item.write(spaced, dice, out);
                    space(out, dice);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (index, (key, value)) in members.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    space(out, dice);
                    out.push_str(key);
                    space(out, dice);
                    out.push(':');
                    value.write(spaced, dice, out);
                }
                out.push('}');
            }
        }
    }

    /// One change somewhere.
    pub(super) fn mutate(&mut self, dice: &mut Dice) {
        let (from, at) = (dice.below(self.count()), dice.below(self.count()));
        let other = self.pick(&mut { from }).unwrap().clone();
        let here = self.pick(&mut { at }).unwrap();
        match dice.below(16) {
            0 => *here = Self::Leaf(dice.of(LEAVES).to_owned()),
            1 => *here = other,
            2 => *here = Self::List(vec![here.clone()]),
            _ => match here {
                Self::Leaf(leaf) => change_leaf(leaf, dice),
                Self::List(items) => change_list(items, other, dice),
                Self::Object(members) => change_object(members, other, dice),
            },
        }
    }

    /// How many values there are, this one and those in it.
    fn count(&self) -> usize {
        1 + match self {
            Self::Leaf(_) => 0,
            Self::List(items) => items.iter().map(Self::count).sum(),
            Self::Object(members) => members.iter().map(|(_, value)| value.count()).sum(),
        }
    }

    /// The value so many steps behind this one.
    fn pick(&mut self, steps: &mut usize) -> Option<&mut Self> {
        if *steps == 0 {
            return Some(self);
        }
        *steps -= 1;
        match self {
            Self::Leaf(_) => None,
            Self::List(items) => items.iter_mut().find_map(|item| item.pick(steps)),
            Self::Object(members) => members.iter_mut().find_map(|(_, value)| value.pick(steps)),
        }
    }
}

fn change_list(items: &mut Vec<Tree>, other: Tree, dice: &mut Dice) {
    let at = dice.below(items.len());
    match dice.below(6) {
        0 if !items.is_empty() => drop(items.remove(at)),
        1 if !items.is_empty() => items.insert(at, items.get(at).unwrap().clone()),
        2 => items.clear(),
        3 => items.insert(at, other),
        _ => dice.shuffle(items),
    }
}

fn change_object(members: &mut Vec<(String, Tree)>, other: Tree, dice: &mut Dice) {
    if members.is_empty() {
        return;
    }
    let (at, to) = (dice.below(members.len()), dice.below(members.len()));
    let (key, value) = members.get(at).unwrap().clone();
    match dice.below(12) {
        0 | 1 => drop(members.remove(at)),
        2 => change_leaf(&mut members.get_mut(at).unwrap().0, dice),
        3 => members.insert(to, (key, value)),
        4 => members.insert(to, (escaped(&key, dice), value)),
        5 => {
            let name = dice.of(&["notes", "Id", "ID", "id ", "", "trace", "x", "ключ"]);
            members.insert(to, (quoted(name), other));
        }
        6 => {
            let held = members.get(to).unwrap().1.clone();
            members.get_mut(to).unwrap().1 = value;
            members.get_mut(at).unwrap().1 = held;
        }
        // The same key, written otherwise.
        7 | 8 => members.get_mut(at).unwrap().0 = escaped(&key, dice),
        _ => dice.shuffle(members),
    }
}

/// Another leaf of the same kind, or the same one written otherwise.
fn change_leaf(leaf: &mut String, dice: &mut Dice) {
    if let Ok(number) = leaf.parse::<i64>() {
        *leaf = match dice.below(4) {
            0 => (number - 1).to_string(),
            1 => (number + 1).to_string(),
            _ => dice.of(NUMBERS).to_owned(),
        };
        return;
    }
    let Ok(text) = serde_json::from_str::<String>(leaf) else {
        return;
    };
    let mut characters: Vec<char> = text.chars().collect();
    let at = dice.below(characters.len());
    let here = characters.get(at).copied();
    match (dice.below(15), here) {
        (0, Some(here)) => characters
            .splice(at..=at, swapped_case(here))
            .for_each(drop),
        (1, Some(here)) => {
            let step = if dice.one_in(2) { 1 } else { -1 };
            let code = u32::from(here).saturating_add_signed(step);
            characters
                .splice(at..=at, char::from_u32(code))
                .for_each(drop);
        }
        (2, Some(here)) => {
            let other = ALIKE.iter().find(|(one, _)| *one == here);
            characters
                .splice(at..=at, Some(other.map_or('а', |&(_, other)| other)))
                .for_each(drop);
        }
        (3, Some(_)) => drop(characters.remove(at)),
        (4, _) => characters.insert(at, dice.of(CHARACTERS)),
        (5, Some(_)) => characters
            .splice(at..=at, Some(dice.of(CHARACTERS)))
            .for_each(drop),
        (6, Some(here)) => {
            let end = characters.last().copied().unwrap_or(here);
            characters.resize(dice.of(LENGTHS), end);
        }
        (7, _) => characters.push(dice.of(&['\n', ' ', '\u{301}', '/', '0'])),
        (8, _) => {
            // A control character, or half a pair, as it may not be written.
            let at = leaf.char_indices().nth(at + 1).map_or(1, |(at, _)| at);
            leaf.insert_str(
                at,
                dice.of(&["\u{1}", "\n", "\\ud83d", "\\udc00", "\\x41", "\""]),
            );
            return;
        }
        _ => {
            *leaf = escaped(leaf, dice);
            return;
        }
    }
    *leaf = quoted(&characters.into_iter().collect::<String>());
}

fn swapped_case(character: char) -> Vec<char> {
    if character.is_uppercase() {
        character.to_lowercase().collect()
    } else {
        character.to_uppercase().collect()
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// The same string with some characters written as `\uXXXX`, a slash as `\/`.
fn escaped(leaf: &str, dice: &mut Dice) -> String {
    let Ok(text) = serde_json::from_str::<String>(leaf) else {
        return leaf.to_owned();
    };
    let often = dice.of(&[1, 4, 20]);
    let mut out = String::from("\"");
    for character in text.chars() {
        if character == '/' && dice.one_in(2) {
            out.push_str("\\/");
        } else if dice.one_in(often) {
            let upper = dice.one_in(2);
            for unit in character.encode_utf16(&mut [0; 2]) {
                let unit = format!("{unit:04x}");
                out.push_str("\\u");
                out.push_str(&if upper { unit.to_uppercase() } else { unit });
            }
        } else {
            let own = quoted(&character.to_string());
            out.push_str(
                own.strip_prefix('"')
                    .and_then(|own| own.strip_suffix('"'))
                    .unwrap(),
            );
        }
    }
    out.push('"');
    out
}

/// One change to the bytes of a text.
pub(super) fn damage(text: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.below(text.len());
    let any = u8::try_from(dice.below(256)).unwrap();
    match dice.below(6) {
        0 => text.insert(at, any),
        1 => text.truncate(at),
        2 => drop(text.splice(at..text.len().min(at + 1), [])),
        3 => drop(text.splice(at..text.len().min(at + 1), [any])),
        4 => drop(text.splice(at..at, *b"\xEF\xBB\xBF")),
        _ => {
            if let Some(byte) = text.get_mut(at) {
                *byte ^= 1 << dice.below(8);
            }
        }
    }
}
