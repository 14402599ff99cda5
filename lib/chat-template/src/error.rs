//! What a template may not do, as an error.

use minijinja::{Error, ErrorKind};
use std::fmt;

pub fn refuse(message: impl fmt::Display) -> Error {
    Error::new(ErrorKind::InvalidOperation, message.to_string())
}
