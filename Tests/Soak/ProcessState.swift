import Foundation
import Glibc

/// What this process holds at one moment.
struct ProcessState: Codable {
    var descriptors: Int
    /// Resident memory in bytes, less what the allocator has to give back.
    var residentBytes: Int
    /// Bytes that are allocated and not freed; `nil` where another allocator is in place, as under a sanitizer.
    var allocatedBytes: Int?

    static var now: ProcessState {
        ProcessState(
            descriptors: descriptors, residentBytes: residentBytes, allocatedBytes: allocatedBytes)
    }

    /// Open descriptors, but for the timers that Dispatch opens when it first needs each.
    static var descriptors: Int {
        let files = FileManager.default
        let numbers = (try? files.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return numbers.count {
            (try? files.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) != "anon_inode:[timerfd]"
        }
    }

    private static let isSanitized = dlsym(nil, "__tsan_init") != nil

    private static var residentBytes: Int {
        // Free pages come and go by megabytes with the allocator's moods.
        if let symbol = dlsym(nil, "malloc_trim") {
            _ = unsafeBitCast(symbol, to: (@convention(c) (Int) -> Int32).self)(0)
        }
        let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
        return (fields?.dropFirst().first.flatMap { Int($0) } ?? -1) * Int(getpagesize())
    }

    // Swift's Glibc module lacks <malloc.h>.
    static var allocatedBytes: Int? {
        typealias Information = @convention(c) (Int32, UnsafeMutablePointer<FILE>) -> Int32
        var text: UnsafeMutablePointer<CChar>?
        var size = 0
        guard !isSanitized, let symbol = dlsym(nil, "malloc_info"), let stream = open_memstream(&text, &size) else {
            return nil
        }
        _ = unsafeBitCast(symbol, to: Information.self)(0, stream)
        fclose(stream)
        defer { free(text) }
        guard let text else { return nil }
        // What follows the last heap is the sum of all.
        let lines = String(cString: text).split(separator: "\n")
        let sums = lines.suffix(from: (lines.lastIndex { $0.hasPrefix("</heap>") } ?? -1) + 1)
        func bytes(_ prefix: String) -> Int {
            sums.first { $0.hasPrefix(prefix) }?.split(separator: "\"").last { Int($0) != nil }.flatMap { Int($0) } ?? 0
        }
        let system = bytes("<system type=\"current\"")
        guard system > 0 else { return nil }
        return system + bytes("<total type=\"mmap\"") - bytes("<total type=\"fast\"") - bytes("<total type=\"rest\"")
    }
}
