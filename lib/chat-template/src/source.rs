//! What has to be rewritten in a template before MiniJinja reads it as Jinja2 does.

use crate::error::refuse;
use minijinja::Error;

/// - Line ends become `\n`, as Jinja2's do.
/// - `generation` tags mark what the model said, for training; for a prompt they are a scope and nothing else.
///   MiniJinja takes no tags of one's own, so they become its `with`.
/// - A set block is a scope of its own in Jinja2: the same `with` goes into it.
/// - The line end after `{% raw %}` stays in Jinja2, even with trim_blocks: it is doubled.
pub fn prepare(source: &str) -> Result<String, Error> {
    let source = source.replace("\r\n", "\n").replace('\r', "\n");
    let mut out = String::new();
    let mut rest = source.as_str();
    while let Some(at) = rest.find('{') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let length = match tag.as_bytes().get(1) {
            Some(b'#') => tag.find("#}").map_or(tag.len(), |end| end + 2),
            Some(b'{') => code_length(tag, "}}")?,
            Some(b'%') => code_length(tag, "%}")?,
            _ => 1,
        };
        let (tag, after) = tag.split_at(length);
        rest = after;
        match tag.strip_prefix("{%").and_then(|tag| tag.strip_suffix("%}")) {
            Some(inner) if name(inner) == "raw" => {
                out.push_str(tag);
                out.push_str(if inner.ends_with('-') || !rest.starts_with('\n') { "" } else { "\n" });
                let end = end_of_raw(rest);
                out.push_str(&rest[..end]);
                rest = &rest[end..];
            }
            Some(inner) => out.push_str(&block_tag(inner)),
            None => out.push_str(tag),
        }
    }
    Ok(out + rest)
}

fn is_mark(c: char) -> bool {
    c == '-' || c == '+'
}

/// The tag's first word.
fn name(inner: &str) -> &str {
    inner.trim_start_matches(is_mark).split_whitespace().next().unwrap_or("").trim_end_matches(is_mark)
}

fn block_tag(inner: &str) -> String {
    let open = if inner.starts_with(is_mark) { &inner[..1] } else { "" };
    let close = if inner.len() > 1 && inner.ends_with(is_mark) { &inner[inner.len() - 1..] } else { "" };
    match name(inner) {
        "generation" => format!("{{%{}%}}", inner.replacen("generation", "with", 1)),
        "endgeneration" => format!("{{%{}%}}", inner.replacen("endgeneration", "endwith", 1)),
        "set" if inner.find(['=', '|']).map_or(true, |at| &inner[at..=at] == "|") => {
            format!("{{%{}%}}{{% with {close}%}}", &inner[..inner.len() - close.len()])
        }
        "endset" => format!("{{%{open} endwith %}}{{%{}%}}", &inner[open.len()..]),
        _ => format!("{{%{inner}%}}"),
    }
}

/// How long the code is that starts here, to the end of its end; texts and brackets in it may hold the same.
fn code_length(code: &str, end: &str) -> Result<usize, Error> {
    let mut quote = None;
    let mut depth = 0;
    let mut letters = code.char_indices().skip(2);
    while let Some((at, c)) = letters.next() {
        match (quote, c) {
            (Some(_), '\\') => check_escape(letters.next().map_or('"', |(_, c)| c))?,
            (Some(mark), c) if c == mark => quote = None,
            (Some(_), _) => (),
            (None, '"' | '\'') => quote = Some(c),
            (None, _) if depth <= 0 && code[at..].starts_with(end) => return Ok(at + end.len()),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            _ => (),
        }
    }
    Ok(code.len())
}

/// MiniJinja takes these for something else than Python.
fn check_escape(letter: char) -> Result<(), Error> {
    match letter {
        '/' | 'a' | 'v' | 'U' | 'N' | '\n' => Err(refuse(format_args!("the escape '\\{letter}' is not supported"))),
        _ => Ok(()),
    }
}

fn end_of_raw(text: &str) -> usize {
    let ends = text.match_indices("{%").map(|(at, _)| at);
    ends.filter(|at| name(text[at + 2..].split("%}").next().unwrap_or("")) == "endraw").next().unwrap_or(text.len())
}
