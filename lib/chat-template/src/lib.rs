//! The functions that the host calls. It writes a request into the memory that `allocate` gives, calls `render`,
//! and reads the answer: its kind, its length, and its bytes in UTF-8. An instance serves one request, so nothing
//! is freed.

mod error;
mod filters;
mod json;
mod methods;
mod source;
mod template;
mod text;
mod values;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, Ordering};

pub use template::{render as render_request, Outcome};

/// Rust gives up when there is no memory left; the host has to know that this was the reason.
static OUT_OF_MEMORY: AtomicBool = AtomicBool::new(false);

struct Noting;

#[global_allocator]
static ALLOCATOR: Noting = Noting;

fn noted(block: *mut u8) -> *mut u8 {
    OUT_OF_MEMORY.fetch_or(block.is_null(), Ordering::Relaxed);
    block
}

unsafe impl GlobalAlloc for Noting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        noted(System.alloc(layout))
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        System.dealloc(block, layout)
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        noted(System.realloc(block, layout, size))
    }
}

#[no_mangle]
pub extern "C" fn is_out_of_memory() -> bool {
    OUT_OF_MEMORY.load(Ordering::Relaxed)
}

#[no_mangle]
pub extern "C" fn allocate(length: usize) -> *mut u8 {
    Box::leak(vec![0u8; length].into_boxed_slice()).as_mut_ptr()
}

/// The request is JSON: `{"template": …, "variables": {…}, "now": {…}}`.
///
/// # Safety
/// The request lies in memory that `allocate` gave.
#[no_mangle]
pub unsafe extern "C" fn render(request: *const u8, length: usize) -> *const u32 {
    let (kind, text) = match render_request(std::slice::from_raw_parts(request, length)) {
        Outcome::Text(text) => (0, text),
        Outcome::Refusal(text) => (1, text),
        Outcome::Error(text) => (2, text),
    };
    let text = Box::leak(text.into_bytes().into_boxed_slice());
    Box::leak(Box::new([kind, text.len() as u32, text.as_ptr() as u32])).as_ptr()
}
