//! Whether a grammar has answers that come to an end.

use llguidance::earley::{CGrammar, CSymIdx};
use std::collections::HashMap;

/// A rule whose symbols are looked at one after the other.
struct Rule<'a> {
    of: CSymIdx,
    left: &'a [CSymIdx],
}

/// Tests whether some answer is complete after finitely many tokens: a rule that always leads back to itself has none.
pub fn can_end(grammar: &CGrammar) -> bool {
    let (mut ending, rules) = explored(grammar);
    let mut waiting: HashMap<CSymIdx, Vec<Rule>> = HashMap::new();
    let mut next = rules;
    while let Some(mut rule) = next.pop() {
        let open = rule.left.iter().position(|symbol| !ending[symbol]).unwrap_or(rule.left.len());
        rule.left = &rule.left[open..];
        match rule.left.first() {
            Some(open) => waiting.entry(*open).or_default().push(rule),
            None if !ending[&rule.of] => {
                ending.insert(rule.of, true);
                next.extend(waiting.remove(&rule.of).into_iter().flatten());
            }
            None => {}
        }
    }
    ending[&grammar.start()]
}

/// The symbols that can be reached, with whether they end by themselves, and their rules.
fn explored(grammar: &CGrammar) -> (HashMap<CSymIdx, bool>, Vec<Rule<'_>>) {
    let mut ending = HashMap::new();
    let mut rules = Vec::new();
    let mut unseen = vec![grammar.start()];
    while let Some(symbol) = unseen.pop() {
        if ending.contains_key(&symbol) {
            continue;
        }
        let data = grammar.sym_data(symbol);
        let is_nullable = data.is_nullable || !data.cond_nullable.is_empty();
        ending.insert(symbol, data.is_terminal || data.lexeme.is_some() || data.gen_grammar.is_some() || is_nullable);
        for &rule in grammar.rules_of(symbol) {
            let (left, _, _) = grammar.rule_rhs(rule);
            unseen.extend(left);
            rules.push(Rule { of: symbol, left });
        }
    }
    (ending, rules)
}
