//! The fields of an object, read as whatever they can be read as: a number as text, a text as a
//! number, one thing as a list of one. What cannot be read is as good as not there.

use serde_json::{Map, Value};

use crate::bounds::NAME_MAX_CHARS;
use crate::losses::Losses;
use crate::text;

/// An object of an answer.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'v>(pub(crate) &'v Map<String, Value>);

impl<'v> Fields<'v> {
    /// None where `value` is no object.
    pub(crate) fn of(value: &'v Value) -> Option<Self> {
        value.as_object().map(Fields)
    }

    /// None where there is none, or null.
    pub(crate) fn get(self, key: &str) -> Option<&'v Value> {
        self.0.get(key).filter(|value| !value.is_null())
    }

    pub(crate) fn table(self, key: &str) -> Option<Fields<'v>> {
        self.get(key).and_then(Fields::of)
    }

    pub(crate) fn id(self, key: &str) -> Option<String> {
        text::id(&words(self.get(key)?)?)
    }

    /// One line of at most a name's length.
    pub(crate) fn line(self, key: &str) -> Option<String> {
        text::line(&words(self.get(key)?)?, NAME_MAX_CHARS)
    }

    pub(crate) fn prose(self, key: &str, chars_max: usize) -> Option<String> {
        text::prose(&words(self.get(key)?)?, chars_max)
    }

    /// An http or https address.
    pub(crate) fn web(self, key: &str) -> Option<String> {
        text::web(&words(self.get(key)?)?)
    }

    pub(crate) fn number(self, key: &str) -> Option<u64> {
        number(self.get(key)?)
    }

    /// A number that fits into a smaller type.
    pub(crate) fn small<N: TryFrom<u64>>(self, key: &str) -> Option<N> {
        N::try_from(self.number(key)?).ok()
    }

    /// A number with its fraction; `8.1/10` is read up to what is no number.
    pub(crate) fn decimal(self, key: &str) -> Option<f32> {
        let text = words(self.get(key)?)?.trim().replace(',', ".");
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.');
        text[..end.unwrap_or(text.len())].parse().ok()
    }

    pub(crate) fn flag(self, key: &str) -> bool {
        match self.get(key) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::Number(number)) => number.as_f64() == Some(1.0),
            Some(Value::String(text)) => matches!(text.trim(), "true" | "1"),
            _ => false,
        }
    }

    /// The items of a list, at most `max`; one thing that is no list is its only item.
    pub(crate) fn items(self, key: &str, max: usize, losses: &mut Losses) -> &'v [Value] {
        match self.get(key) {
            None => &[],
            Some(Value::Array(items)) => {
                losses.cut(items.len().saturating_sub(max));
                &items[..items.len().min(max)]
            }
            Some(one) => std::slice::from_ref(one),
        }
    }

    /// The items that `read` can read.
    pub(crate) fn list<T>(
        self,
        key: &str,
        max: usize,
        losses: &mut Losses,
        mut read: impl FnMut(&'v Value, &mut Losses) -> Option<T>,
    ) -> Vec<T> {
        let mut list = Vec::new();
        for item in self.items(key, max, losses) {
            match read(item, losses) {
                Some(item) => list.push(item),
                None => losses.bad(),
            }
        }
        list
    }

    /// Ids, prefixes of ids, types.
    pub(crate) fn ids(self, key: &str, max: usize, losses: &mut Losses) -> Vec<String> {
        self.list(key, max, losses, |item, _| text::id(&words(item)?))
    }

    /// Names: a list of them, of objects with a `name`, or one text with commas.
    pub(crate) fn names(self, key: &str, max: usize, losses: &mut Losses) -> Vec<String> {
        if let Some(Value::String(text)) = self.get(key) {
            let names = text.split(',').take(max);
            return names
                .filter_map(|name| text::line(name, NAME_MAX_CHARS))
                .collect();
        }
        self.list(key, max, losses, |item, _| match Fields::of(item) {
            Some(person) => person.line("name"),
            None => text::line(&words(item)?, NAME_MAX_CHARS),
        })
    }
}

/// A text, or a number as one; of a list its first item.
pub(crate) fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(items) => match items.first()? {
            Value::Array(_) => None,
            first => words(first),
        },
        _ => None,
    }
}

fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64().or_else(|| {
            // 5.0, and sizes that were computed; beyond 2^53 a float names no whole number.
            let float = number.as_f64()?;
            (0.0..9e15).contains(&float).then_some(float as u64)
        }),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_is_what_it_can_be_read_as() {
        let value = json!({
            "year": 1927, "runtime": ["90 min", 3], "size": "12", "float": 12.7, "minus": -1,
            "rating": "8,1/10", "yes": "true", "one": 1, "no": "0", "null": null, "deep": [[1]],
            "genres": "Drama, Silent ,", "cast": ["A", {"name": "B"}, null, 7, {}],
            "ids": "tt"
        });
        let fields = Fields::of(&value).unwrap();
        assert_eq!(fields.line("year"), Some("1927".into()));
        assert_eq!(fields.line("runtime"), Some("90 min".into()));
        assert_eq!(fields.line("deep"), None);
        assert_eq!(fields.number("size"), Some(12));
        assert_eq!(fields.number("float"), Some(12));
        assert_eq!(fields.number("minus"), None);
        assert_eq!(fields.small::<u8>("year"), None);
        assert_eq!(fields.decimal("rating"), Some(8.1));
        assert!(fields.flag("yes") && fields.flag("one"));
        assert!(!fields.flag("no") && !fields.flag("null") && !fields.flag("year"));
        let mut losses = Losses::default();
        assert_eq!(fields.names("genres", 9, &mut losses), ["Drama", "Silent"]);
        assert_eq!(fields.ids("ids", 9, &mut losses), ["tt"]);
        assert!(losses.is_none());
        assert_eq!(fields.names("cast", 4, &mut losses), ["A", "B", "7"]);
        assert_eq!((losses.bad, losses.cut), (1, 1));
    }
}
