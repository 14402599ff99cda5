//! The functions that the host calls. A request is written into the memory that `allocate` gives; what a function
//! answers lies at an address until the next call. One thread calls at a time.

mod ending;
mod engine;
mod format;
mod memory;
mod slots;
mod vocabulary;

use engine::Engine;
use memory::taken;
use std::cell::RefCell;

struct Host {
    engine: Option<Engine>,
    answer: Vec<u32>,
    message: String,
}

thread_local! {
    static HOST: RefCell<Host> =
        const { RefCell::new(Host { engine: None, answer: Vec::new(), message: String::new() }) };
}

/// Calls the engine. What goes wrong is kept for `message`.
fn engine<T>(call: impl FnOnce(&mut Engine) -> Result<T, String>) -> Option<T> {
    HOST.with_borrow_mut(|host| {
        let result = call(host.engine.as_mut().expect("start comes first"));
        result.map_err(|message| host.message = message).ok()
    })
}

/// Keeps numbers for the host, with their count in front, and gives their address.
fn kept(numbers: Vec<u32>) -> *const u32 {
    HOST.with_borrow_mut(|host| {
        host.answer = numbers;
        host.answer.insert(0, host.answer.len() as u32);
        host.answer.as_ptr()
    })
}

fn ids(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|id| u32::from_le_bytes(id.try_into().expect("four bytes"))).collect()
}

/// llguidance measures what it does; nobody asks how long it took.
#[no_mangle]
pub extern "C" fn now() -> f64 {
    0.0
}

/// Takes the tokens of a model.
///
/// # Safety
/// As `taken`; so are the others.
#[no_mangle]
pub unsafe extern "C" fn start(tokens: *mut u8, length: usize) {
    let engine = Engine::new(&taken(tokens, length));
    HOST.with_borrow_mut(|host| host.engine = Some(engine));
}

/// The number of a grammar; -1 if it is refused.
#[no_mangle]
pub unsafe extern "C" fn compile(kind: u32, text: *mut u8, length: usize) -> i32 {
    let text = taken(text, length);
    let text = std::str::from_utf8(&text).map_err(|e| e.to_string());
    engine(|engine| engine.compile(kind, text?)).map_or(-1, |grammar| grammar as i32)
}

#[no_mangle]
pub extern "C" fn forget(grammar: usize) {
    engine(|engine| Ok(engine.forget(grammar)));
}

/// The number of an answer that is empty.
#[no_mangle]
pub extern "C" fn begin(grammar: usize) -> i32 {
    engine(|engine| Ok(engine.begin(grammar) as i32)).unwrap_or(-1)
}

/// The number of another answer that is as this one is.
#[no_mangle]
pub extern "C" fn copy(answer: usize) -> i32 {
    engine(|engine| Ok(engine.copy(answer) as i32)).unwrap_or(-1)
}

#[no_mangle]
pub extern "C" fn end(answer: usize) {
    engine(|engine| Ok(engine.end(answer)));
}

/// The address of the answer's outlook with the tokens: a count, and so many numbers. 0 if they do not fit; then the answer is
/// of no more use.
#[no_mangle]
pub unsafe extern "C" fn go_on(answer: usize, back: usize, tokens: *mut u8, length: usize) -> *const u32 {
    let tokens = ids(&taken(tokens, length));
    engine(|engine| engine.go_on(answer, back, &tokens)).map_or(std::ptr::null(), kept)
}

/// The address of the answer's outlook with one token more; 0 if it does not fit, and nothing has happened.
#[no_mangle]
pub extern "C" fn take(answer: usize, token: u32) -> *const u32 {
    engine(|engine| engine.take(answer, token)).flatten().map_or(std::ptr::null(), kept)
}

/// The address of the mask of what may come next: a length, and so many numbers. 0 if nothing can come next.
#[no_mangle]
pub extern "C" fn mask(answer: usize) -> *const u32 {
    engine(|engine| engine.mask(answer)).map_or(std::ptr::null(), kept)
}

/// How many of the tokens may come next.
#[no_mangle]
pub unsafe extern "C" fn allowed(answer: usize, tokens: *mut u8, length: usize) -> usize {
    let tokens = ids(&taken(tokens, length));
    engine(|engine| Ok(engine.allowed(answer, &tokens))).unwrap_or(0)
}

/// The address of what went wrong last: the length of the text, and its address.
#[no_mangle]
pub extern "C" fn message() -> *const u32 {
    let text = HOST.with_borrow(|host| [host.message.len() as u32, host.message.as_ptr() as u32]);
    kept(text.to_vec())
}
