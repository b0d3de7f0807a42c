//! Taking a TOML table apart key by key, with the line and the dotted name of whatever is wrong.
//!
//! serde would say the line of an unknown key but not of a value it accepts and we do not; here
//! both are told the same way. Invariant: [`Form::finish`] is called on every form, so no key is
//! passed over.

use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::file::Mistake;

/// The text, and what it is called.
pub(crate) struct Page<'t> {
    text: &'t str,
    file: &'t str,
}

impl<'t> Page<'t> {
    pub(crate) fn new(text: &'t str, file: &'t str) -> Self {
        Self { text, file }
    }

    pub(crate) fn file(&self) -> &'t str {
        self.file
    }

    /// The whole file as a form.
    pub(crate) fn form(&'t self) -> Result<Form<'t>, Mistake> {
        let table = DeTable::parse(self.text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            self.mistake(at, "", error.message())
        })?;
        Ok(Form {
            page: self,
            at: 0,
            name: String::new(),
            table: table.into_inner(),
        })
    }

    fn mistake(&self, at: usize, field: &str, what: &str) -> Mistake {
        let before = self.text.get(..at).unwrap_or(self.text);
        Mistake {
            file: self.file.to_owned(),
            line: 1 + before.matches('\n').count(),
            field: field.to_owned(),
            what: what.to_owned(),
        }
    }
}

/// A table, with the keys that nobody has taken yet.
pub(crate) struct Form<'t> {
    page: &'t Page<'t>,
    /// Where it begins in the text.
    at: usize,
    name: String,
    table: DeTable<'t>,
}

/// A value that was taken, and where it was.
pub(crate) struct Field<'t, T> {
    page: &'t Page<'t>,
    at: usize,
    pub(crate) name: String,
    pub(crate) value: T,
}

/// A list of texts that was taken.
pub(crate) type List<'t> = Field<'t, Vec<Field<'t, String>>>;

impl<T> Field<'_, T> {
    /// Says what is wrong with it.
    pub(crate) fn wrong(&self, what: impl AsRef<str>) -> Mistake {
        self.page.mistake(self.at, &self.name, what.as_ref())
    }

    /// Reads on: `read` gets the value and says what is wrong with it.
    pub(crate) fn map<U>(&self, read: impl FnOnce(&T) -> Result<U, String>) -> Result<U, Mistake> {
        read(&self.value).map_err(|what| self.wrong(what))
    }
}

impl<'t> Form<'t> {
    /// Says that the key is missing here.
    pub(crate) fn missing(&self, key: &str) -> Mistake {
        self.page.mistake(self.at, &self.join(key), "is missing")
    }

    fn join(&self, key: &str) -> String {
        match self.name.as_str() {
            "" => key.to_owned(),
            name => format!("{name}.{key}"),
        }
    }

    fn field<T>(&self, name: &str, span: &Range<usize>, value: T) -> Field<'t, T> {
        Field {
            page: self.page,
            at: span.start,
            name: name.to_owned(),
            value,
        }
    }

    fn take(&mut self, key: &str) -> Option<Field<'t, DeValue<'t>>> {
        let value = self.table.remove(key)?;
        Some(self.field(&self.join(key), &value.span(), value.into_inner()))
    }

    /// A text of 1 to `longest` characters without control characters but line ends.
    pub(crate) fn text(
        &mut self,
        key: &str,
        longest: usize,
    ) -> Result<Option<Field<'t, String>>, Mistake> {
        let Some(field) = self.take(key) else {
            return Ok(None);
        };
        let text = field.map(|value| text_of(value, longest))?;
        Ok(Some(field.with(text)))
    }

    pub(crate) fn needed_text(
        &mut self,
        key: &str,
        longest: usize,
    ) -> Result<Field<'t, String>, Mistake> {
        self.text(key, longest)?.ok_or_else(|| self.missing(key))
    }

    /// A whole number within `range`.
    pub(crate) fn number(
        &mut self,
        key: &str,
        range: &RangeInclusive<u64>,
    ) -> Result<Option<u64>, Mistake> {
        let Some(field) = self.take(key) else {
            return Ok(None);
        };
        field.map(|value| number_of(value, range)).map(Some)
    }

    /// Up to `most` texts.
    pub(crate) fn texts(
        &mut self,
        key: &str,
        most: usize,
        longest: usize,
    ) -> Result<Option<List<'t>>, Mistake> {
        let Some(list) = self.take(key) else {
            return Ok(None);
        };
        let read = |item: Spanned<DeValue<'t>>| {
            let item = self.field(&list.name, &item.span(), item.into_inner());
            let text = item.map(|value| text_of(value, longest))?;
            Ok(item.with(text))
        };
        let items = list.map(|value| items_of(value, most))?;
        let items = items.into_iter().map(read).collect::<Result<_, _>>()?;
        Ok(Some(list.with(items)))
    }

    /// Up to `most` tables of one name (`[[key]]`); none there is an empty list.
    pub(crate) fn forms(&mut self, key: &str, most: usize) -> Result<Vec<Form<'t>>, Mistake> {
        let Some(list) = self.take(key) else {
            return Ok(Vec::new());
        };
        let read = |item: Spanned<DeValue<'t>>| {
            let field = self.field(&list.name, &item.span(), item.into_inner());
            field.into_form()
        };
        let items = list.map(|value| items_of(value, most))?;
        items.into_iter().map(read).collect()
    }

    /// The table of that name.
    pub(crate) fn form(&mut self, key: &str) -> Result<Option<Form<'t>>, Mistake> {
        self.take(key).map(Field::into_form).transpose()
    }

    /// To be called when every known key was taken: what is left is a mistake.
    pub(crate) fn finish(self) -> Result<(), Mistake> {
        let first = self.table.keys().min_by_key(|key| key.span().start);
        first.map_or(Ok(()), |key| {
            let name = self.join(key.get_ref());
            let what = "no such key; see the catalogue's README for those there are";
            Err(self.page.mistake(key.span().start, &name, what))
        })
    }
}

impl<'t, T> Field<'t, T> {
    fn with<U>(self, value: U) -> Field<'t, U> {
        Field {
            page: self.page,
            at: self.at,
            name: self.name,
            value,
        }
    }
}

impl<'t> Field<'t, DeValue<'t>> {
    fn into_form(self) -> Result<Form<'t>, Mistake> {
        if !self.value.is_table() {
            let what = format!("must be a table, is {}", kind_of(&self.value));
            return Err(self.wrong(what));
        }
        let DeValue::Table(table) = self.value else {
            unreachable!("it was just found to be a table");
        };
        Ok(Form {
            page: self.page,
            at: self.at,
            name: self.name,
            table,
        })
    }
}

fn text_of(value: &DeValue<'_>, longest: usize) -> Result<String, String> {
    let DeValue::String(text) = value else {
        return Err(format!("must be a text in quotes, is {}", kind_of(value)));
    };
    if text.trim().is_empty() {
        return Err("must not be empty".to_owned());
    }
    if text.chars().count() > longest {
        return Err(format!("must have at most {longest} characters"));
    }
    if text.contains(|c: char| c.is_control() && c != '\n') {
        return Err("must not have control characters".to_owned());
    }
    Ok(text.trim().to_owned())
}

fn number_of(value: &DeValue<'_>, range: &RangeInclusive<u64>) -> Result<u64, String> {
    let DeValue::Integer(number) = value else {
        return Err(format!("must be a whole number, is {}", kind_of(value)));
    };
    let within = u64::from_str_radix(number.as_str(), number.radix()).ok();
    within
        .filter(|number| range.contains(number))
        .ok_or_else(|| {
            format!(
                "must be from {} to {}, is {number}",
                range.start(),
                range.end()
            )
        })
}

fn items_of<'t>(value: &DeValue<'t>, most: usize) -> Result<Vec<Spanned<DeValue<'t>>>, String> {
    let DeValue::Array(items) = value else {
        return Err(format!("must be a list, is {}", kind_of(value)));
    };
    if items.len() > most {
        return Err(format!(
            "must have at most {most} entries, has {}",
            items.len()
        ));
    }
    Ok(items.iter().cloned().collect())
}

fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
