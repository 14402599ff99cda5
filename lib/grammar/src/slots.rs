//! Things that the host knows by a number.

pub struct Slots<T>(Vec<Option<T>>);

impl<T> Slots<T> {
    pub fn new() -> Self {
        Self(Vec::new())
    }

    /// Puts a thing in, and gives its number.
    pub fn put(&mut self, thing: T) -> usize {
        let free = self.0.iter().position(Option::is_none);
        let number = free.unwrap_or(self.0.len());
        if free.is_none() {
            self.0.push(None);
        }
        self.0[number] = Some(thing);
        number
    }

    /// The thing of a number that `put` gave and that is not removed.
    pub fn get(&mut self, number: usize) -> &mut T {
        self.0[number].as_mut().expect("a number that is in use")
    }

    pub fn remove(&mut self, number: usize) {
        self.0[number] = None;
    }
}
