//! Filters and tests that MiniJinja lacks, or that give something else than Jinja2's.

use crate::values::{Kind, Lazy, Safe};
use crate::error::refuse;
use crate::{json, methods, text, values};
use minijinja::value::{Kwargs, ObjectRepr, Rest, ValueKind, ValueOrKwargs};
use minijinja::{filters, Environment, Error, State, Value};

pub fn add(environment: &mut Environment<'static>) {
    // What Jinja2 does not have or does otherwise, and what makes text that is escaped once it meets other text.
    for name in ["escape", "e", "lines", "split", "bool", "chain", "zip", "pprint", "groupby", "attr"] {
        environment.remove_filter(name);
    }
    for name in ["startingwith", "endingwith", "safe", "escaped", "int"] {
        environment.remove_test(name);
    }
    environment.add_filter("capitalize", |value: &Value| values::str(value).map(|text| methods::capitalize(&text)));
    environment.add_filter("count", length);
    environment.add_filter("d", default);
    environment.add_filter("default", default);
    environment.add_filter("float", float);
    environment.add_filter("indent", indent);
    environment.add_filter("int", int);
    environment.add_filter("join", join);
    environment.add_filter("length", length);
    environment.add_filter("lower", |value: &Value| values::str(value).map(|text| text.to_lowercase()));
    environment.add_filter("replace", replace);
    environment.add_filter("reverse", reverse);
    environment.add_filter("safe", Safe::from_value);
    environment.add_filter("string", |value: &Value| values::str(value));
    environment.add_filter("tojson", json::tojson);
    environment.add_filter("trim", |value: &Value, chars: Option<&str>| {
        values::str(value).map(|text| text::strip(&text, chars, true, true).to_string())
    });
    environment.add_filter("upper", |value: &Value| values::str(value).map(|text| text.to_uppercase()));
    // These give generators in Python.
    macro_rules! generators {
        ($($name:ident),*) => {$(
            environment.add_filter(stringify!($name), |state: &mut State, value: Value, args: Rest<ValueOrKwargs>| {
                let args: Vec<Value> = Some(value).into_iter().chain(args.into_values()).collect();
                Lazy::from_value(Kind::Generator, &Value::from_function(filters::$name).call(state, &args)?)
            });
        )*};
    }
    generators!(batch, items, map, reject, rejectattr, select, selectattr, slice, unique);
    environment.add_test("sequence", |value: &Value| {
        let lazy = value.downcast_object_ref::<Lazy>().map(|lazy| lazy.kind);
        let list = matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable | ValueKind::Map | ValueKind::String);
        value.is_undefined() || lazy.map_or(list, |kind| kind == Kind::Range)
    });
    environment.add_test("string", |value: &Value| {
        value.as_str().is_some() || value.downcast_object_ref::<Safe>().is_some()
    });
    // To try would use up a generator.
    environment.add_test("iterable", |value: &Value| {
        value.downcast_object_ref::<Lazy>().is_some() || value.try_iter().is_ok() && !value.is_none()
    });
    environment.add_test("callable", |value: &Value| {
        let macros = |name: &str| name.contains("Macro");
        value.as_object().is_some_and(|object| object.repr() == ObjectRepr::Plain || macros(object.type_name()))
    });
}

/// What is left out and what is none are two things here.
fn default(value: &Value, args: Rest<Value>, kwargs: Kwargs) -> Result<Value, Error> {
    let argument = |at: usize, name: &str, otherwise: Value| match args.get(at) {
        Some(value) => Ok(value.clone()),
        None if kwargs.has(name) => kwargs.get(name),
        None => Ok(otherwise),
    };
    let default = argument(0, "default_value", Value::from(""))?;
    let boolean = argument(1, "boolean", Value::from(false))?.is_true();
    kwargs.assert_all_used()?;
    Ok(if value.is_undefined() || boolean && !value.is_true() { default } else { value.clone() })
}

fn length(value: &Value) -> Result<usize, Error> {
    if value.is_undefined() { Ok(0) } else { filters::length(value) }
}

fn int(value: &Value, default: Option<Value>, kwargs: Kwargs) -> Result<Value, Error> {
    let default = default.or(kwargs.get("default")?).unwrap_or_else(|| Value::from(0));
    kwargs.assert_all_used()?;
    let number = match value.kind() {
        ValueKind::Undefined => return Err(refuse("the value is undefined")),
        ValueKind::Number | ValueKind::Bool if value.is_integer() => return Ok(value.clone()),
        ValueKind::Bool => return Ok(Value::from(value.is_true() as i64)),
        ValueKind::Number => f64::try_from(value.clone()).ok(),
        ValueKind::String => {
            let text = text::strip(value.as_str().unwrap_or_default(), None, true, true);
            match text.parse::<i128>() {
                Ok(number) => return Ok(Value::from(number)),
                Err(_) => text.parse::<f64>().ok(),
            }
        }
        _ => None,
    };
    Ok(number.filter(|number| number.is_finite()).map_or(default, |number| Value::from(number as i128)))
}

fn float(value: &Value, default: Option<Value>, kwargs: Kwargs) -> Result<Value, Error> {
    let default = default.or(kwargs.get("default")?).unwrap_or_else(|| Value::from(0.0));
    kwargs.assert_all_used()?;
    let number = match value.kind() {
        ValueKind::Undefined => return Err(refuse("the value is undefined")),
        ValueKind::Number => f64::try_from(value.clone()).ok(),
        ValueKind::Bool => Some(value.is_true() as i64 as f64),
        ValueKind::String => text::strip(value.as_str().unwrap_or_default(), None, true, true).parse().ok(),
        _ => None,
    };
    Ok(number.map_or(default, Value::from))
}

fn indent(
    value: &Value,
    width: Option<Value>,
    first: Option<bool>,
    blank: Option<bool>,
    kwargs: Kwargs,
) -> Result<String, Error> {
    let width = width.or(kwargs.get("width")?).unwrap_or_else(|| Value::from(4));
    let first = first.or(kwargs.get("first")?).unwrap_or(false);
    let blank = blank.or(kwargs.get("blank")?).unwrap_or(false);
    kwargs.assert_all_used()?;
    let indention = match width.as_str() {
        Some(text) => text.to_string(),
        None => " ".repeat(i64::try_from(width)?.clamp(0, 1000) as usize),
    };
    let text = values::str(value)? + "\n";
    let lines = text::split_lines(&text, false);
    let mut out = String::new();
    for (i, line) in lines.iter().filter_map(Value::as_str).enumerate() {
        out.push_str(if i > 0 { "\n" } else { "" });
        out.push_str(if if i > 0 { blank || !line.is_empty() } else { first } { &indention } else { "" });
        out.push_str(line);
    }
    Ok(out)
}

fn join(state: &mut State, value: &Value, d: Option<Value>, attribute: Option<Value>, kwargs: Kwargs) -> Result<String, Error> {
    let d = values::str(&d.or(kwargs.get("d")?).unwrap_or_else(|| Value::from("")))?;
    let attribute: Option<Value> = attribute.or(kwargs.get("attribute")?);
    kwargs.assert_all_used()?;
    let items = match attribute {
        Some(attribute) => {
            let kwargs = Value::from(Kwargs::from_iter([("attribute", attribute)]));
            Value::from_function(filters::map).call(state, &[value.clone(), kwargs])?
        }
        None => value.clone(),
    };
    let mut out = String::new();
    for (i, item) in items.try_iter()?.checked().enumerate() {
        out.push_str(if i > 0 { &d } else { "" });
        out.push_str(&values::str(&item?)?);
    }
    Ok(out)
}

fn replace(value: &Value, old: &Value, new: &Value, count: Option<i64>) -> Result<String, Error> {
    let (text, old, new) = (values::str(value)?, values::str(old)?, values::str(new)?);
    Ok(match count {
        Some(count) if count >= 0 => text.replacen(&old, &new, count as usize),
        _ => text.replace(&old, &new),
    })
}

fn reverse(value: &Value) -> Result<Value, Error> {
    if let Some(text) = value.as_str() {
        return Ok(Value::from(text.chars().rev().collect::<String>()));
    }
    let mut items = value.try_iter()?.checked().collect::<Result<Vec<_>, _>>()?;
    items.reverse();
    Ok(Lazy::new(Kind::Generator, items))
}
