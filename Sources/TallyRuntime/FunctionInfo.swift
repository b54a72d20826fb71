/// What is known of the function that runs, as Lambda's environment variables tell it; the same for all invocations.
///
/// Lambda tells all of it; what a local server does not is `nil`.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime>
public struct FunctionInfo: Sendable, Hashable {
    /// How Lambda started the process.
    public struct InitializationType: RawRepresentable, Sendable, Hashable {
        /// The value of `AWS_LAMBDA_INITIALIZATION_TYPE`.
        public let rawValue: String

        /// Creates a type from its name.
        ///
        /// - Parameter rawValue: The name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// For an event that waits for it.
        public static let onDemand = InitializationType(rawValue: "on-demand")
        /// Ahead of events, with provisioned concurrency.
        public static let provisionedConcurrency = InitializationType(rawValue: "provisioned-concurrency")
        /// From a snapshot.
        public static let snapStart = InitializationType(rawValue: "snap-start")
        /// On instances that take several events at once.
        public static let managedInstances = InitializationType(rawValue: "lambda-managed-instances")
    }

    /// The function's name.
    public let name: String?
    /// The version that runs, `$LATEST` or a number.
    public let version: String?
    /// The memory that the function is configured with, in MB.
    public let memoryMegabytes: Int?
    /// The log group that the function writes to.
    public let logGroup: String?
    /// The log stream that this process writes to.
    public let logStream: String?
    /// How Lambda started the process.
    public let initializationType: InitializationType?

    init(environment variable: (String) -> String?) {
        name = variable("AWS_LAMBDA_FUNCTION_NAME")
        version = variable("AWS_LAMBDA_FUNCTION_VERSION")
        memoryMegabytes = variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE").flatMap { Int($0) }
        logGroup = variable("AWS_LAMBDA_LOG_GROUP_NAME")
        logStream = variable("AWS_LAMBDA_LOG_STREAM_NAME")
        initializationType = variable("AWS_LAMBDA_INITIALIZATION_TYPE").map { InitializationType(rawValue: $0) }
    }

    /// Of this process.
    static let ofProcess = FunctionInfo(environment: FunctionProcess.variable)
}
