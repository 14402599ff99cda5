//! What Python gives where MiniJinja gives lists: ranges, views of dicts, and generators.

use crate::python;
use minijinja::value::{Enumerator, Object, ObjectRepr};
use minijinja::{Error, Value};
use std::fmt;
use std::sync::{Arc, Mutex};

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    Range,
    /// Of a dict: its keys, its values, or both.
    View(&'static str),
    Generator,
}

#[derive(Debug)]
pub struct Lazy {
    pub kind: Kind,
    items: Mutex<Vec<Value>>,
}

impl Lazy {
    pub fn new(kind: Kind, items: Vec<Value>) -> Value {
        Value::from_object(Lazy { kind, items: Mutex::new(items) })
    }

    pub fn from_value(kind: Kind, items: &Value) -> Result<Value, Error> {
        Ok(Lazy::new(kind, items.try_iter()?.checked().collect::<Result<_, _>>()?))
    }
}

impl Object for Lazy {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Iterable
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        // Nothing found would make MiniJinja count its way through the items.
        let index = key.as_usize().filter(|_| self.kind == Kind::Range);
        Some(index.and_then(|index| self.items.lock().unwrap().get(index).cloned()).unwrap_or_default())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let mut items = self.items.lock().unwrap();
        Enumerator::Values(match self.kind {
            Kind::Generator => std::mem::take(&mut items),
            _ => items.clone(),
        })
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&python::str(&Value::from_dyn_object(self.clone())).map_err(|_| fmt::Error)?)
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        (self.kind != Kind::Generator).then(|| self.items.lock().unwrap().len())
    }
}
