//! Python's `str` and `repr` of values, and its idea of white space.

use crate::lazy::{Kind, Lazy};
use crate::template::refuse;
use minijinja::value::ValueKind;
use minijinja::{Error, Value};

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

fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\x1c'..='\x1f')
}

pub fn strip<'a>(text: &'a str, chars: Option<&str>, left: bool, right: bool) -> &'a str {
    let goes = |c: char| chars.map_or(is_space(c), |chars| chars.contains(c));
    let text = if left { text.trim_start_matches(goes) } else { text };
    if right { text.trim_end_matches(goes) } else { text }
}

/// The parts between white space, `limit` cuts from the left; an end at which nothing is left is none.
pub fn split_at_space(text: &str, limit: usize) -> Vec<Value> {
    let mut parts = Vec::new();
    let mut rest = strip(text, None, true, false);
    while !rest.is_empty() {
        let end = if parts.len() < limit { rest.find(is_space) } else { None };
        let (part, after) = rest.split_at(end.unwrap_or(rest.len()));
        parts.push(Value::from(part));
        rest = strip(after, None, true, false);
    }
    parts
}

pub fn split_lines(text: &str, keep_ends: bool) -> Vec<Value> {
    let mut lines = Vec::new();
    let mut rest = text;
    let is_end = |c: char| matches!(c, '\n'..='\r' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}');
    while let Some(at) = rest.find(is_end) {
        let end = rest[at..].chars().next().map_or(1, char::len_utf8);
        let end = if rest[at..].starts_with("\r\n") { 2 } else { end };
        lines.push(Value::from(&rest[..if keep_ends { at + end } else { at }]));
        rest = &rest[at + end..];
    }
    if !rest.is_empty() {
        lines.push(Value::from(rest));
    }
    lines
}
