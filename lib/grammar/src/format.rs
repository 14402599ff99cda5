//! The kinds of rules that an answer can be held to.

use llguidance::api::TopLevelGrammar;
use serde_json::{json, Value};

/// JSON is written as Python writes it, which models have read most: so the grammar knows the most of it in advance.
fn with_separators(mut schema: Value) -> Value {
    if let Some(fields) = schema.as_object_mut() {
        fields.entry("x-guidance").or_insert_with(
            || json!({"item_separator": ", ", "key_separator": ": ", "whitespace_flexible": false}),
        );
    }
    schema
}

/// Tests whether a part of a schema has an address of its own, from which its references would count: llguidance counts
/// them all from the beginning.
fn has_inner_address(schema: &Value, is_inner: bool) -> bool {
    let own = |name: &str| is_inner && schema.get(name).is_some_and(Value::is_string);
    own("$id") || own("id") || parts(schema).any(|part| has_inner_address(part, true))
}

fn has_reference(schema: &Value) -> bool {
    schema.get("$ref").is_some() || parts(schema).any(has_reference)
}

fn parts(schema: &Value) -> impl Iterator<Item = &Value> {
    let fields = schema.as_object().into_iter().flat_map(|fields| fields.values());
    fields.chain(schema.as_array().into_iter().flatten())
}

fn schema(text: &str) -> Result<TopLevelGrammar, String> {
    let schema = json(text)?;
    if has_reference(&schema) && has_inner_address(&schema, false) {
        return Err("$id within a schema that has references is not supported".to_string());
    }
    Ok(TopLevelGrammar::from_json_schema(with_separators(schema)))
}

fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|e| format!("it is not valid JSON: {e}"))
}

/// The grammar of a kind, by the host's number of it; or what is wrong.
pub fn grammar(kind: u32, text: &str) -> Result<TopLevelGrammar, String> {
    match kind {
        0 => schema(text),
        1 => Ok(TopLevelGrammar::from_regex(text)),
        2 => Ok(TopLevelGrammar::from_lark(text.to_string())),
        _ => Ok(TopLevelGrammar::from_lark(one_of(&json(text)?))),
    }
}

/// Lark writes texts as JSON does.
fn one_of(choices: &Value) -> String {
    let choices: Vec<String> = choices["choices"].as_array().into_iter().flatten().map(Value::to_string).collect();
    format!("start: {}", choices.join(" | "))
}
