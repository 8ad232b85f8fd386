//! Work done on threads of its own, some pieces at a time: what stands first in line is begun whenever a thread is free.
//! In which order the pieces end is not known; who asks must not let a result depend on it.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Builder, Result as Ended, Scope};

use model::Diagnostic;

use crate::context::engine_failure;

/// As deep as the main thread's: expressions are walked by recursion.
const STACK: usize = 8 << 20;

type Piece<'scope, T> = Box<dyn FnOnce() -> T + Send + 'scope>;

/// Pieces of work by key: what is asked by the smallest key is begun first.
pub(crate) struct SideBySide<'scope, 'env, K, T> {
    scope: &'scope Scope<'scope, 'env>,
    threads: usize,
    running: usize,
    line: BTreeMap<K, Piece<'scope, T>>,
    send: Sender<(K, Ended<T>)>,
    done: Receiver<(K, Ended<T>)>,
}

impl<'scope, 'env, K, T> SideBySide<'scope, 'env, K, T>
where
    K: Ord + Copy + Send + 'scope,
    T: Send + 'scope,
{
    /// At most so many pieces run at once.
    pub(crate) fn new(scope: &'scope Scope<'scope, 'env>, threads: usize) -> Self {
        let (send, done) = channel();
        Self { scope, threads: threads.max(1), running: 0, line: BTreeMap::new(), send, done }
    }

    /// Puts a piece of work in line.
    pub(crate) fn add(&mut self, key: K, work: impl FnOnce() -> T + Send + 'scope) {
        self.line.insert(key, Box::new(work));
    }

    /// Begins what there are threads for and waits for the next piece that ends; `None` where nothing is in line or under
    /// way. A panic goes on here.
    ///
    /// # Errors
    /// In place of a result: the system gives no thread for the piece.
    pub(crate) fn next(&mut self) -> Option<(K, Result<T, Diagnostic>)> {
        while self.running < self.threads
            && let Some((key, work)) = self.line.pop_first()
        {
            let done = self.send.clone();
            let piece = move || {
                let ended = catch_unwind(AssertUnwindSafe(work));
                // Nobody listens any longer only after a panic, which is then what is told.
                let _ = done.send((key, ended));
            };
            if let Err(error) = Builder::new().stack_size(STACK).spawn_scoped(self.scope, piece) {
                return Some((key, Err(engine_failure(error))));
            }
            self.running += 1;
        }
        if self.running == 0 {
            return None;
        }
        let (key, ended) = self.done.recv().ok()?;
        self.running -= 1;
        match ended {
            Ok(result) => Some((key, Ok(result))),
            Err(panic) => resume_unwind(panic),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Barrier, Mutex};

    use super::*;

    #[test]
    fn the_first_in_line_begins_first_and_every_piece_ends_once() {
        let begun = Mutex::new(Vec::new());
        let mut ended = Vec::new();
        std::thread::scope(|scope| {
            let mut pieces = SideBySide::new(scope, 1);
            for key in [3, 1, 2] {
                let begun = &begun;
                pieces.add(key, move || begun.lock().unwrap().push(key));
            }
            while let Some((key, result)) = pieces.next() {
                result.unwrap();
                ended.push(key);
            }
        });
        assert_eq!((begun.into_inner().unwrap(), ended), (vec![1, 2, 3], vec![1, 2, 3]));
    }

    #[test]
    fn pieces_run_at_once() {
        let both = Barrier::new(2);
        std::thread::scope(|scope| {
            let mut pieces = SideBySide::new(scope, 2);
            // Neither passes without the other.
            pieces.add(1, || both.wait());
            pieces.add(2, || both.wait());
            assert!(pieces.next().is_some() && pieces.next().is_some() && pieces.next().is_none());
        });
    }

    #[test]
    fn a_panic_is_not_waited_for() {
        let told = catch_unwind(|| {
            std::thread::scope(|scope| {
                let mut pieces: SideBySide<'_, '_, u8, ()> = SideBySide::new(scope, 2);
                pieces.add(1, || panic!("a piece"));
                let _ = pieces.next();
            });
        });
        assert_eq!(told.unwrap_err().downcast_ref(), Some(&"a piece"));
    }
}
