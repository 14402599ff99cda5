//! A model's tokens, as bytes, and the way that its tokenizer cuts text into them.

use std::sync::Arc;
use toktrie::{TokEnv, TokRxInfo, TokTrie, TokenId, TokenizerEnv};

/// Stands for all end tokens: which those are, each generation says for itself.
const END: &[u8] = b"\xff<|the end of the answer|>";

#[link(wasm_import_module = "host")]
extern "C" {
    /// Writes the ids of a text, one for each byte at most, and returns how many they are.
    fn tokenize(text: *const u8, length: usize, ids: *mut TokenId) -> usize;
}

struct Vocabulary(TokTrie);

/// The tokens of a request: for each its length in four bytes, and its bytes. One more follows them, for the end.
pub fn read(request: &[u8]) -> TokEnv {
    let mut tokens = Vec::new();
    let mut rest = request;
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (token, after) = after.split_at(u32::from_le_bytes(*length) as usize);
        tokens.push(token.to_vec());
        rest = after;
    }
    tokens.push(END.to_vec());
    let info = TokRxInfo::new(tokens.len() as u32, tokens.len() as u32 - 1);
    Arc::new(Vocabulary(TokTrie::from(&info, &tokens)))
}

impl TokenizerEnv for Vocabulary {
    fn tok_trie(&self) -> &TokTrie {
        &self.0
    }

    /// The tokenizer's own tokens, where they spell the text: some tokenizers change it.
    fn tokenize_bytes(&self, text: &[u8]) -> Vec<TokenId> {
        self.0.tokenize_with_greedy_fallback(text, |text| {
            let mut ids = vec![0; text.len()];
            let count = unsafe { tokenize(text.as_ptr(), text.len(), ids.as_mut_ptr()) };
            ids.truncate(count);
            if self.0.decode_raw(&ids) == text.as_bytes() { ids } else { self.0.greedy_tokenize(text.as_bytes()) }
        })
    }
}
