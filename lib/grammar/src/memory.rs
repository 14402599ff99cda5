//! Memory that the host writes into, and whether there was enough of it.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, Ordering};

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

/// Memory for a request, which the function that takes the request frees.
#[no_mangle]
pub extern "C" fn allocate(length: usize) -> *mut u8 {
    Box::leak(vec![0u8; length].into_boxed_slice()).as_mut_ptr()
}

/// Takes over what the host has written.
///
/// # Safety
/// `allocate` gave the address for this length, and nobody has taken it over.
pub unsafe fn taken(address: *mut u8, length: usize) -> Box<[u8]> {
    Box::from_raw(std::slice::from_raw_parts_mut(address, length))
}
