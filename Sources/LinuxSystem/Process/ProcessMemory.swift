import CLinux

/// What this process holds on to of the machine's memory.
public enum ProcessMemory {
    /// Has all threads share so many heaps at most; to be called before there are many threads.
    public static func limitHeaps(to count: Int32) { romana_memory_heaps(count) }

    /// Gives what the heaps have free back to the kernel.
    public static func releaseFree() { romana_memory_trim() }

    /// Lets go of the code of the program and its libraries; what is needed again comes back from the page cache.
    public static func releaseCode() { romana_memory_unmap_code() }
}
