//! Jinja2 as transformers sets it up for chat templates: `_compile_jinja_template` in its `chat_template_utils`.

use crate::error::refuse;
use crate::values::{self, Kind, Lazy};
use crate::{filters, methods, source};
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Value};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// A long conversation takes some 10,000 steps; so many take about a second.
const FUEL: u64 = 1_000_000;
const LARGEST_OUTPUT: usize = 5_000_000;
/// MiniJinja's own limit on nested expressions and blocks is 150; this one is on nested calls of macros, four a call.
const DEEPEST: usize = 400;

#[derive(Deserialize)]
struct Request {
    template: String,
    /// Without them the template is read, and not rendered.
    variables: Option<BTreeMap<String, Value>>,
    /// What each letter of strftime stands for at this time: `{"Y": "2026", …}`.
    now: BTreeMap<char, String>,
}

pub enum Outcome {
    Text(String),
    /// What the template says with raise_exception.
    Refusal(String),
    Error(String),
}

pub fn render(request: &[u8]) -> Outcome {
    let request: Request = match serde_json::from_slice(request) {
        Ok(request) => request,
        Err(e) => return Outcome::Error(format!("the request is no valid JSON: {e}")),
    };
    let refusal = Arc::new(Mutex::new(None));
    let environment = environment(request.now, refusal.clone());
    let mut out = Limited(String::new());
    let result = source::prepare(&request.template).and_then(|source| {
        let template = environment.template_from_named_str("chat_template", &source)?;
        match request.variables {
            Some(variables) => template.render_captured_to(Value::from(variables), &mut out).map(drop),
            None => Ok(()),
        }
    });
    let refusal = refusal.lock().unwrap().take();
    match (result, refusal) {
        (Ok(_), _) => Outcome::Text(out.0),
        (Err(_), Some(words)) => Outcome::Refusal(words),
        (Err(e), None) => Outcome::Error(sentence(&e)),
    }
}

fn environment(now: BTreeMap<char, String>, refusal: Arc<Mutex<Option<String>>>) -> Environment<'static> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("the default delimiters"));
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(DEEPEST);
    environment.set_formatter(|out, _, value| Ok(out.write_str(&values::output(value)?)?));
    environment.set_unknown_method_callback(methods::call);
    environment.add_function("raise_exception", move |message: &Value| -> Result<Value, Error> {
        *refusal.lock().unwrap() = Some(values::str(message)?);
        Err(refuse("raise_exception"))
    });
    environment.add_function("strftime_now", move |format: &str| strftime(format, &now));
    environment.add_function("range", range);
    environment.remove_global("debug");
    filters::add(&mut environment);
    environment
}

fn range(start: i64, stop: Option<i64>, step: Option<i64>) -> Result<Value, Error> {
    let (start, stop) = stop.map_or((0, start), |stop| (start, stop));
    let step = step.unwrap_or(1);
    if step == 0 {
        return Err(refuse("the step of a range is 0"));
    }
    let length = ((stop as i128 - start as i128) * step.signum() as i128).max(0);
    let length = (length + step.unsigned_abs() as i128 - 1) / step.unsigned_abs() as i128;
    // Jinja2's sandbox allows as many.
    if length > 100_000 {
        return Err(refuse("the range is too large; it may have 100,000 elements"));
    }
    Ok(Lazy::new(Kind::Range, (0..length as i64).map(|i| Value::from(start + i * step)).collect()))
}

fn strftime(format: &str, now: &BTreeMap<char, String>) -> Result<String, Error> {
    let mut out = String::new();
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            out.push(letter);
            continue;
        }
        let mut directive = letters.next();
        let unpadded = directive == Some('-');
        if unpadded {
            directive = letters.next();
        }
        match directive.and_then(|letter| now.get(&letter)) {
            Some(text) if unpadded => out.push_str(text.trim_start_matches('0')),
            Some(text) => out.push_str(text),
            None if directive == Some('%') => out.push('%'),
            None => return Err(refuse(format_args!("strftime_now('{format}') is not supported"))),
        }
    }
    Ok(out)
}

/// What went wrong, as part of a sentence.
fn sentence(error: &Error) -> String {
    let problem = match error.kind() {
        ErrorKind::OutOfFuel => format!("it takes more than {FUEL} steps (an endless loop?)"),
        ErrorKind::WriteFailure => format!("it gives more than {LARGEST_OUTPUT} bytes"),
        kind => match error.detail() {
            Some(detail) if kind == ErrorKind::InvalidOperation => detail.to_string(),
            Some(detail) => format!("{kind}: {detail}"),
            None => kind.to_string(),
        },
    };
    let problem = problem.replace('\n', " ");
    match error.line() {
        Some(line) => format!("line {line}: {problem}"),
        None => problem,
    }
}

/// The text so far; what is longer than allowed is not written.
struct Limited(String);

impl std::io::Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len() + bytes.len() > LARGEST_OUTPUT {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        self.0.push_str(std::str::from_utf8(bytes).map_err(|_| std::io::ErrorKind::InvalidData)?);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
