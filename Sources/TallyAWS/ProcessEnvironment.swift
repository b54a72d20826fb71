import Glibc

/// The environment variables of this process.
public enum ProcessEnvironment {
    /// Returns a variable's value, or `nil` when it is absent or empty.
    ///
    /// - Parameter name: The variable's name.
    /// - Returns: A value that is never empty.
    public static func value(_ name: String) -> String? {
        // SAFETY: getenv's result is copied at once; nothing in Tally changes the environment after start.
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
