import Glibc

/// The memory of this process.
public enum ProcessMemory {
    /// The largest resident size so far, in bytes.
    ///
    /// Less than Lambda's own figure, which has the extensions and the platform's daemon in it.
    public static var peakBytes: Int {
        var usage = rusage()
        guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
        return usage.ru_maxrss * 1024
    }
}
