//! Grammars over one vocabulary, and the answers that are held to them.

use crate::ending::can_end;
use crate::format;
use crate::slots::Slots;
use crate::vocabulary;
use llguidance::earley::SlicedBiasComputer;
use llguidance::{Matcher, ParserFactory};
use toktrie::{InferenceCapabilities, TokenId};

/// Each takes 1 to 2 kB.
const MOST_LEXER_STATES: usize = 50_000;

pub struct Engine {
    factory: ParserFactory,
    /// Each stands at the beginning of an answer, and is copied for one.
    grammars: Slots<Matcher>,
    answers: Slots<Matcher>,
}

/// What went wrong, in one line: below the first one texts are shown again, and where in them. The reason of a regular
/// expression is on a line of its own; below it a Lark grammar shows where the expression stands.
fn sentence(error: impl std::fmt::Display) -> String {
    let text = error.to_string().replace("NoExtensionBias", "no token of this model can come next");
    let text = text.replace(" without 'referencing' feature", "");
    let first = text.lines().next().unwrap_or_default();
    let reason = text.lines().find_map(|line| line.trim().strip_prefix("error: "));
    match reason.or_else(|| text.lines().map(str::trim).rfind(|line| !line.is_empty())) {
        Some(reason) if first.ends_with(':') && reason != first => format!("{first} {reason}"),
        _ => first.to_string(),
    }
}

/// What is known of an answer without a mask: 1 if the end may come next, else 0; after it the tokens that have to come next,
/// one after the other, of which there are none where there is a choice.
fn outlook(answer: &mut Matcher) -> Result<Vec<u32>, String> {
    if answer.is_stopped() {
        return Ok(vec![1]);
    }
    let forced = answer.compute_ff_tokens();
    let may_end = answer.is_accepting().map_err(sentence)?;
    Ok(std::iter::once(may_end as u32).chain(forced).collect())
}

impl Engine {
    pub fn new(tokens: &[u8]) -> Self {
        let tokens = vocabulary::read(tokens);
        let forced = InferenceCapabilities { ff_tokens: true, ..Default::default() };
        let slices = SlicedBiasComputer::general_slices();
        let mut factory = ParserFactory::new(&tokens, forced, &slices).expect("slices of its own");
        factory.quiet();
        factory.limits_mut().verbose_errors = false;
        factory.limits_mut().max_lexer_states = MOST_LEXER_STATES;
        Self { factory, grammars: Slots::new(), answers: Slots::new() }
    }

    /// Compiles a grammar, and looks for what can come first: where that is nothing, no answer fits.
    pub fn compile(&mut self, kind: u32, text: &str) -> Result<usize, String> {
        let parser = self.factory.create_parser(format::grammar(kind, text)?).map_err(sentence)?;
        if !can_end(parser.parser.grammar()) {
            return Err("no answer by it comes to an end".to_string());
        }
        let grammar = Matcher::new(Ok(parser));
        grammar.clone().compute_mask_or_eos().map_err(sentence)?;
        Ok(self.grammars.put(grammar))
    }

    pub fn forget(&mut self, grammar: usize) {
        self.grammars.remove(grammar);
    }

    pub fn begin(&mut self, grammar: usize) -> usize {
        let answer = self.grammars.get(grammar).clone();
        self.answers.put(answer)
    }

    pub fn copy(&mut self, answer: usize) -> usize {
        let copy = self.answers.get(answer).clone();
        self.answers.put(copy)
    }

    pub fn end(&mut self, answer: usize) {
        self.answers.remove(answer);
    }

    /// Takes the last tokens of an answer back, and others in; gives its outlook.
    pub fn go_on(&mut self, answer: usize, back: usize, tokens: &[TokenId]) -> Result<Vec<u32>, String> {
        let answer = self.answers.get(answer);
        answer.rollback(back).map_err(sentence)?;
        answer.consume_tokens(tokens).map_err(sentence)?;
        outlook(answer)
    }

    /// Takes a token in if it fits, and gives the answer's outlook then. If it does not fit, nothing happens.
    pub fn take(&mut self, answer: usize, token: TokenId) -> Result<Option<Vec<u32>>, String> {
        let is_text = self.factory.tok_env().tok_trie().token_len(token) > 0; // the others never fit
        let answer = self.answers.get(answer);
        if is_text && answer.try_consume_tokens(&[token]).map_err(sentence)? == 1 {
            outlook(answer).map(Some)
        } else {
            Ok(None)
        }
    }

    /// A bit for each token that may come next, and one more for the end.
    pub fn mask(&mut self, answer: usize) -> Result<Vec<u32>, String> {
        let mask = self.answers.get(answer).compute_mask_or_eos().map_err(sentence)?;
        Ok(mask.as_slice().to_vec())
    }

    /// How many of these tokens, from the first on, may come next.
    pub fn allowed(&mut self, answer: usize, tokens: &[TokenId]) -> usize {
        let trie = self.factory.tok_env().tok_trie();
        let texts = tokens.iter().take_while(|&&token| trie.token_len(token) > 0).count(); // the others never fit
        self.answers.get(answer).validate_tokens(&tokens[..texts]).unwrap_or(0)
    }
}
