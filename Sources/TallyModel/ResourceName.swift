import Glibc

/// The name of a table, key or bucket: a literal, or one that the environment gives.
///
///     table: "documents"
///     table: .environment("DOCUMENTS_TABLE")
public struct ResourceName: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    private enum Source: Hashable {
        case literal(String)
        case environment(String)
    }

    private let source: Source

    /// Creates a name that is the same everywhere.
    ///
    /// - Parameter value: The name.
    public init(stringLiteral value: String) {
        source = .literal(value)
    }

    /// Creates a name that is known at run time.
    ///
    /// - Parameter name: The name.
    public init(_ name: String) {
        source = .literal(name)
    }

    /// A name taken from an environment variable when a store first needs it.
    ///
    /// - Parameter variable: The variable. Missing or empty, it is an error that says so.
    /// - Returns: The name.
    public static func environment(_ variable: String) -> ResourceName {
        ResourceName(source: .environment(variable))
    }

    private init(source: Source) {
        self.source = source
    }

    /// The name, or how it is looked up.
    public var description: String {
        switch source {
        case .literal(let name): name
        case .environment(let variable): "$\(variable)"
        }
    }

    /// Looks the name up.
    ///
    /// - Throws: ``ModelError`` when the variable is not set.
    func resolved(for model: String) throws(ModelError) -> String {
        switch source {
        case .literal(let name):
            return name
        case .environment(let variable):
            guard let value = getenv(variable), value.pointee != 0 else {
                throw ModelError(
                    .configuration, model: model,
                    "the environment variable \(variable) is not set. Set it to the resource's name in the "
                        + "function's configuration")
            }
            return String(cString: value)
        }
    }
}
