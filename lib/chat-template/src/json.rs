//! transformers' `tojson`: Python's `json.dumps` with ensure_ascii=False.

use crate::error::refuse;
use crate::values::{check_is_dict, check_size, float, pairs, Lazy};
use minijinja::value::{Kwargs, Rest, ValueKind};
use minijinja::{Error, Value};

struct Style {
    ascii: bool,
    indent: Option<String>,
    item: String,
    key: String,
    sorted: bool,
}

/// `tojson(ensure_ascii=False, indent=None, separators=None, sort_keys=False)`, in transformers' order.
pub fn tojson(value: &Value, args: Rest<Value>, kwargs: Kwargs) -> Result<String, Error> {
    if args.len() > 4 {
        return Err(refuse("tojson takes at most four arguments"));
    }
    let argument = |at: usize, name: &str| match args.get(at) {
        Some(value) => Ok(value.clone()),
        None => kwargs.get::<Option<Value>>(name).map(Option::unwrap_or_default),
    };
    let (ascii, indent) = (argument(0, "ensure_ascii")?, argument(1, "indent")?);
    let (separators, sorted) = (argument(2, "separators")?, argument(3, "sort_keys")?);
    kwargs.assert_all_used()?;
    let indent = match indent.as_str() {
        Some(text) => Some(text.to_string()),
        None if indent.is_none() || indent.is_undefined() => None,
        None => Some(" ".repeat(i64::try_from(indent)?.clamp(0, 100) as usize)),
    };
    let (item, key) = if separators.is_none() || separators.is_undefined() {
        (if indent.is_some() { "," } else { ", " }.into(), ": ".into())
    } else {
        (separators.get_item_by_index(0)?.to_string(), separators.get_item_by_index(1)?.to_string())
    };
    let style = Style { ascii: ascii.is_true(), indent, item, key, sorted: sorted.is_true() };
    let mut out = String::new();
    write(value, &style, &mut out, 0)?;
    Ok(out)
}

fn write(value: &Value, style: &Style, out: &mut String, depth: usize) -> Result<(), Error> {
    check_size(out, depth)?;
    match value.kind() {
        ValueKind::None => out.push_str("null"),
        ValueKind::Bool => out.push_str(if value.is_true() { "true" } else { "false" }),
        ValueKind::Number => out.push_str(&number(value)?),
        ValueKind::String => write_text(value.as_str().unwrap_or_default(), style, out),
        ValueKind::Map => {
            check_is_dict(value)?;
            let mut pairs = pairs(value);
            if style.sorted {
                pairs.sort_by(|a, b| a.0.cmp(&b.0));
            }
            write_items(('{', '}'), pairs, style, out, depth, |(key, item), out| {
                let key = match key.kind() {
                    ValueKind::String => key.to_string(),
                    ValueKind::None => "null".into(),
                    ValueKind::Bool => key.to_string().to_lowercase(),
                    ValueKind::Number => number(&key)?,
                    kind => return Err(refuse(format_args!("tojson takes no keys of type {kind}"))),
                };
                write_text(&key, style, out);
                out.push_str(&style.key);
                write(&item, style, out, depth + 1)
            })?;
        }
        ValueKind::Seq | ValueKind::Iterable if value.downcast_object_ref::<Lazy>().is_none() => {
            let items = value.try_iter()?.checked().collect::<Result<Vec<_>, _>>()?;
            write_items(('[', ']'), items, style, out, depth, |item, out| write(&item, style, out, depth + 1))?;
        }
        kind => return Err(refuse(format_args!("tojson takes no value of type {kind}"))),
    }
    Ok(())
}

fn number(value: &Value) -> Result<String, Error> {
    if value.is_integer() {
        return Ok(value.to_string());
    }
    let text = float(value.clone().try_into()?);
    Ok(text.replace("inf", "Infinity").replace("nan", "NaN"))
}

fn write_items<T>(
    brackets: (char, char),
    items: Vec<T>,
    style: &Style,
    out: &mut String,
    depth: usize,
    mut write: impl FnMut(T, &mut String) -> Result<(), Error>,
) -> Result<(), Error> {
    let line = |depth: usize| style.indent.as_ref().map_or(String::new(), |indent| format!("\n{}", indent.repeat(depth)));
    let empty = items.is_empty();
    out.push(brackets.0);
    for (i, item) in items.into_iter().enumerate() {
        out.push_str(if i > 0 { &style.item } else { "" });
        out.push_str(&line(depth + 1));
        write(item, out)?;
    }
    if !empty {
        out.push_str(&line(depth));
    }
    out.push(brackets.1);
    Ok(())
}

fn write_text(text: &str, style: &Style, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            c if c < ' ' || (style.ascii && c > '~') => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
