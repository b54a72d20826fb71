import Glibc

/// What this process has used of the machine.
enum ProcessUsage {
    /// User and system time of all threads, in seconds.
    static var cpu: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return seconds(time)
    }

    /// The most memory that was resident at one time (VmHWM), in MB of 1,048,576 bytes.
    static var peakMemory: Double {
        // Not getrusage, whose figure has the peak of the process that started this one in it.
        guard let file = fopen("/proc/self/status", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            if strncmp(line, "VmHWM:", 6) == 0 { return Double(atol(Array(line[6...]))) / 1_024 }
        }
        return 0
    }

    /// The time of the monotonic clock that all processes share, in seconds.
    static var time: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return seconds(time)
    }

    private static func seconds(_ time: timespec) -> Double {
        Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
