//! Work on several things at once, its results taken in the order of the things.

use std::sync::mpsc::sync_channel;
use std::thread;

/// Does `work` on each item, on so many threads, and hands the results to `take` in the order of the items. At most
/// three results a thread are held. Ends with the first that is not taken.
///
/// # Errors
/// What `take` gives.
pub(super) fn in_order<I: Sync, R: Send, E>(
    threads: usize,
    items: &[I],
    work: impl Fn(&I) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    if threads <= 1 {
        return items.iter().try_for_each(|item| take(work(item)));
    }
    thread::scope(|scope| {
        let work = &work;
        let begin = |worker: usize| {
            let (send, receive) = sync_channel(1);
            scope.spawn(move || {
                for item in items.iter().skip(worker).step_by(threads) {
                    if send.send(work(item)).is_err() {
                        return;
                    }
                }
            });
            receive
        };
        let workers: Vec<_> = (0..threads).map(begin).collect();
        let turns = workers.iter().cycle().take(items.len());
        // A worker that is gone has panicked, which the scope passes on.
        turns.map_while(|worker| worker.recv().ok()).try_for_each(&mut take)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_stop_when_told() {
        let items: Vec<u32> = (0..100).collect();
        for threads in [0, 1, 2, 7, 200] {
            let mut taken = Vec::new();
            let all = in_order(
                threads,
                &items,
                |item| item * 2,
                |result| {
                    taken.push(result);
                    if result < 120 { Ok(()) } else { Err(result) }
                },
            );
            assert_eq!((all, taken.len()), (Err(120), 61), "{threads}");
        }
    }
}
