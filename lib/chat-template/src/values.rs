//! Values as Python has them: ranges, views of dicts and generators, where MiniJinja gives lists; and what `str` and
//! `repr` write of each.

use crate::error::refuse;
use minijinja::value::{Enumerator, Object, ObjectRepr, ValueKind};
use minijinja::{Error, Value};
use std::fmt;
use std::sync::{Arc, Mutex};

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    Range,
    /// Of a dict: its keys, its values, or both.
    View(&'static str),
    Generator,
}

#[derive(Debug)]
pub struct Lazy {
    pub kind: Kind,
    items: Mutex<Vec<Value>>,
}

impl Lazy {
    pub fn new(kind: Kind, items: Vec<Value>) -> Value {
        Value::from_object(Lazy { kind, items: Mutex::new(items) })
    }

    pub fn from_value(kind: Kind, items: &Value) -> Result<Value, Error> {
        Ok(Lazy::new(kind, items.try_iter()?.checked().collect::<Result<_, _>>()?))
    }
}

impl Object for Lazy {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Iterable
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        // Nothing found would make MiniJinja count its way through the items.
        let index = key.as_usize().filter(|_| self.kind == Kind::Range);
        Some(index.and_then(|index| self.items.lock().unwrap().get(index).cloned()).unwrap_or_default())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let mut items = self.items.lock().unwrap();
        Enumerator::Values(match self.kind {
            Kind::Generator => std::mem::take(&mut items),
            _ => items.clone(),
        })
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&str(&Value::from_dyn_object(self.clone())).map_err(|_| fmt::Error)?)
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        (self.kind != Kind::Generator).then(|| self.items.lock().unwrap().len())
    }
}

/// What the filter `safe` gives: Python's Markup. It is written, or put to other text by `~`; what Python would escape,
/// or keep as Markup, is refused.
#[derive(Debug)]
pub struct Safe(String);

impl Safe {
    pub fn from_value(value: &Value) -> Result<Value, Error> {
        let already = value.downcast_object_ref::<Safe>().is_some();
        Ok(if already { value.clone() } else { Value::from_object(Safe(str(value)?)) })
    }
}

impl Object for Safe {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        !self.0.is_empty()
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a template writes for a value.
pub fn output(value: &Value) -> Result<String, Error> {
    match value.downcast_object_ref::<Safe>() {
        Some(safe) => Ok(safe.0.clone()),
        None => str(value),
    }
}

/// Deeper values are refused before the stack ends.
const DEEPEST: usize = 200;
const LARGEST: usize = 5_000_000;

/// What Python prints for a value; an error where that is an address or what only Python has.
pub fn str(value: &Value) -> Result<String, Error> {
    if let Some(text) = value.as_str() {
        return Ok(text.to_string());
    }
    if value.is_undefined() {
        return Ok(String::new());
    }
    let mut out = String::new();
    write_repr(value, &mut out, 0)?;
    Ok(out)
}

fn write_repr(value: &Value, out: &mut String, depth: usize) -> Result<(), Error> {
    check_size(out, depth)?;
    match value.kind() {
        ValueKind::Undefined => out.push_str("Undefined"),
        ValueKind::String => write_quoted(value.as_str().unwrap_or_default(), out),
        ValueKind::Number if !value.is_integer() => out.push_str(&float(value.clone().try_into()?)),
        ValueKind::None | ValueKind::Bool | ValueKind::Number => out.push_str(&value.to_string()),
        ValueKind::Map => {
            check_is_dict(value)?;
            out.push('{');
            for (i, (key, item)) in pairs(value).into_iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                write_repr(&key, out, depth + 1)?;
                out.push_str(": ");
                write_repr(&item, out, depth + 1)?;
            }
            out.push('}');
        }
        ValueKind::Seq | ValueKind::Iterable => {
            let (start, end) = brackets(value)?;
            out.push_str(&start);
            let mut count = 0;
            for item in value.try_iter()?.checked() {
                out.push_str(if count > 0 { ", " } else { "" });
                write_repr(&item?, out, depth + 1)?;
                count += 1;
            }
            out.push_str(if count == 1 && value.is_tuple() { "," } else { "" });
            out.push_str(end);
        }
        kind => return Err(refuse(format_args!("a value of type {kind} cannot be written"))),
    }
    Ok(())
}

pub fn check_size(out: &str, depth: usize) -> Result<(), Error> {
    if depth > DEEPEST {
        return Err(refuse(format_args!("a value is nested more than {DEEPEST} deep")));
    }
    if out.len() > LARGEST {
        return Err(refuse(format_args!("a value has more than {LARGEST} bytes when written")));
    }
    Ok(())
}

/// Slices and sums of lists are no lists in MiniJinja, but they are in Python.
fn brackets(value: &Value) -> Result<(String, &'static str), Error> {
    match value.downcast_object_ref::<Lazy>().map(|lazy| lazy.kind) {
        Some(Kind::View(name)) => Ok((format!("dict_{name}(["), "])")),
        Some(_) => Err(refuse("a generator or a range cannot be written; it needs '|list'")),
        None if value.is_tuple() => Ok(("(".into(), ")")),
        None => Ok(("[".into(), "]")),
    }
}

/// Some of the engine's own objects look like dicts.
pub fn check_is_dict(value: &Value) -> Result<(), Error> {
    let name = value.as_object().map_or("", |object| object.type_name());
    match ["Namespace", "Loop", "Macro", "Module", "Kwargs"].iter().find(|own| name.contains(*own)) {
        Some(own) => Err(refuse(format_args!("a {} cannot be written", own.to_lowercase()))),
        None => Ok(()),
    }
}

pub fn pairs(value: &Value) -> Vec<(Value, Value)> {
    value.as_object().and_then(|object| object.try_iter_pairs()).into_iter().flatten().collect()
}

fn write_quoted(text: &str, out: &mut String) {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => out.extend(['\\', c]),
            c if is_printable(c) => out.push(c),
            c if (c as u32) < 0x100 => out.push_str(&format!("\\x{:02x}", c as u32)),
            c if (c as u32) < 0x10000 => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push_str(&format!("\\U{:08x}", c as u32)),
        }
    }
    out.push(quote);
}

/// Rust escapes for its own debug output what Python's repr escapes; after another letter, combining marks stay.
fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~') || String::from_iter(['a', c]).escape_debug().nth(1) != Some('\\')
}

/// The shortest digits that read back as the number, in Python's form of them.
pub fn float(number: f64) -> String {
    if number.is_nan() {
        return "nan".into();
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse::<i32>().unwrap_or(0) {
        _ if number.is_infinite() => scientific,
        -4..=15 => format!("{number:?}"),
        exponent => format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs()),
    }
}
