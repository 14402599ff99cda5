//! Methods of Python's strings, lists and dicts, where pycompat lacks them or does otherwise.

use crate::error::refuse;
use crate::text::{split_at_space, split_lines, strip};
use crate::values::{check_is_dict, pairs, Kind, Lazy};
use minijinja::value::{from_args, Kwargs, Tuple, ValueKind};
use minijinja::{Error, ErrorKind, State, Value};
use minijinja_contrib::pycompat::unknown_method_callback;

pub fn call(state: &mut State, value: &Value, method: &str, args: &[Value]) -> Result<Value, Error> {
    match (value.kind(), method) {
        (ValueKind::String, _) => {
            match of_string(value.as_str().unwrap_or_default(), method, args) {
                Err(e) if e.kind() == ErrorKind::UnknownMethod => unknown_method_callback(state, value, method, args),
                result => result,
            }
        }
        (ValueKind::Map, "keys" | "values" | "items") => {
            check_is_dict(value)?;
            let () = from_args(args)?;
            let pairs = pairs(value).into_iter();
            Ok(match method {
                "keys" => Lazy::new(Kind::View("keys"), pairs.map(|(key, _)| key).collect()),
                "values" => Lazy::new(Kind::View("values"), pairs.map(|(_, item)| item).collect()),
                _ => {
                    let pairs = pairs.map(|(key, item)| Value::from(Tuple::from([key, item])));
                    Lazy::new(Kind::View("items"), pairs.collect())
                }
            })
        }
        (ValueKind::Map, "get") => unknown_method_callback(state, value, method, args),
        (ValueKind::Seq | ValueKind::Iterable, "index" | "count") if value.downcast_object_ref::<Lazy>().is_none() => {
            let (wanted,): (&Value,) = from_args(args)?;
            let items: Vec<Value> = value.try_iter()?.collect();
            match items.iter().position(|item| item == wanted) {
                _ if method == "count" => Ok(Value::from(items.iter().filter(|item| *item == wanted).count())),
                Some(at) => Ok(Value::from(at)),
                None => Err(refuse("the list has no such value")),
            }
        }
        _ => Err(Error::from(ErrorKind::UnknownMethod)),
    }
}

fn of_string(text: &str, method: &str, args: &[Value]) -> Result<Value, Error> {
    Ok(match method {
        "strip" | "lstrip" | "rstrip" => {
            let (chars,): (Option<&str>,) = from_args(args)?;
            Value::from(strip(text, chars, method != "rstrip", method != "lstrip"))
        }
        "split" | "rsplit" => split(text, method == "rsplit", args)?,
        "splitlines" => {
            let (keep_ends, kwargs): (Option<bool>, Kwargs) = from_args(args)?;
            let keep_ends = keep_ends.or(kwargs.get("keepends")?);
            kwargs.assert_all_used()?;
            Value::from(split_lines(text, keep_ends.unwrap_or(false)))
        }
        "partition" | "rpartition" => {
            let (separator,): (&str,) = from_args(args)?;
            if separator.is_empty() {
                return Err(refuse("the separator is empty"));
            }
            let last = method == "rpartition";
            let at = if last { text.rfind(separator) } else { text.find(separator) };
            Value::from(Tuple::from(match at {
                Some(at) => [&text[..at], separator, &text[at + separator.len()..]].map(Value::from),
                None if last => ["", "", text].map(Value::from),
                None => [text, "", ""].map(Value::from),
            }))
        }
        "removeprefix" | "removesuffix" => {
            let (part,): (&str,) = from_args(args)?;
            let prefix = method == "removeprefix";
            let cut = if prefix { text.strip_prefix(part) } else { text.strip_suffix(part) };
            Value::from(cut.unwrap_or(text))
        }
        "index" | "rindex" => {
            let (part,): (&str,) = from_args(args)?;
            let at = if method == "index" { text.find(part) } else { text.rfind(part) };
            let at = at.ok_or_else(|| refuse("the text has no such part"))?;
            Value::from(text[..at].chars().count())
        }
        "count" => {
            let (part,): (&str,) = from_args(args)?;
            Value::from(text.matches(part).count())
        }
        "join" => {
            let (items,): (&Value,) = from_args(args)?;
            let items = items.try_iter()?.checked().collect::<Result<Vec<_>, _>>()?;
            let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            Value::from(texts.ok_or_else(|| refuse("join takes texts alone"))?.join(text))
        }
        "capitalize" => {
            let () = from_args(args)?;
            Value::from(capitalize(text))
        }
        "title" => {
            let () = from_args(args)?;
            Value::from(title(text))
        }
        _ => return Err(Error::from(ErrorKind::UnknownMethod)),
    })
}

fn split(text: &str, from_right: bool, args: &[Value]) -> Result<Value, Error> {
    let (separator, limit, kwargs): (Option<&str>, Option<i64>, Kwargs) = from_args(args)?;
    let separator = separator.or(kwargs.get("sep")?);
    let limit = limit.or(kwargs.get("maxsplit")?).unwrap_or(-1);
    kwargs.assert_all_used()?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX - 1);
    let parts: Vec<Value> = match separator {
        Some("") => return Err(refuse("the separator is empty")),
        None if from_right && limit < usize::MAX - 1 => {
            return Err(refuse("rsplit at white space with a limit is not supported"));
        }
        None => split_at_space(text, limit),
        Some(separator) if from_right => {
            let mut parts: Vec<Value> = text.rsplitn(limit + 1, separator).map(Value::from).collect();
            parts.reverse();
            parts
        }
        Some(separator) => text.splitn(limit + 1, separator).map(Value::from).collect(),
    };
    Ok(Value::from(parts))
}

pub fn capitalize(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| large(first) + &letters.as_str().to_lowercase())
}

/// Every letter after what is no letter becomes large.
fn title(text: &str) -> String {
    let mut inside = false;
    let mut out = String::new();
    for c in text.chars() {
        if inside {
            out.extend(c.to_lowercase());
        } else {
            out.push_str(&large(c));
        }
        inside = c.is_lowercase() || c.is_uppercase();
    }
    out
}

/// As a word begins: of letters that stand for two, only the first is large.
fn large(c: char) -> String {
    match c {
        'Ǆ'..='ǆ' => "ǅ".into(),
        'Ǉ'..='ǉ' => "ǈ".into(),
        'Ǌ'..='ǌ' => "ǋ".into(),
        'Ǳ'..='ǳ' => "ǲ".into(),
        'ŉ' => "ʼN".into(),
        _ => {
            let mut letters = c.to_uppercase();
            letters.next().into_iter().chain(letters.flat_map(char::to_lowercase)).collect()
        }
    }
}
