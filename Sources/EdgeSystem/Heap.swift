import CSystemCalls

/// The process's heap.
package enum Heap {
    /// Gives what is free back to the system (malloc_trim(3)): glibc keeps what a crowd needed until then.
    package static func giveBack() {
        CSystemCalls_trim_heap()
    }
}
