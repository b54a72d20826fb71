extension LocalServer {
    /// What a server is started with.
    package struct Settings: Sendable {
        /// The port on 127.0.0.1; 0 for any that is free.
        package var port: UInt16
        /// The function's name, as extensions are told it.
        package var functionName = "function"
        /// The ARN by which every event says it was invoked; printable ASCII.
        package var functionARN = "arn:aws:lambda:us-east-1:012345678912:function:function"
        /// The value of `_HANDLER`, as extensions are told it.
        package var handler = ""
        /// How long the function has for an invocation, from the moment at which it has the event; 3 s, as in Lambda.
        package var timeout = Duration.seconds(3)
        /// Spoils answers to the function, by the invocation's number in the order of arrival, from 0, and what is
        /// answered; called on the server's thread.
        package var fault: (@Sendable (_ invocationNumber: Int, _ stage: Stage) -> Fault?)?
        /// Told each invocation whose time is up by its request id, after its caller was answered; called on the
        /// server's thread.
        package var onTimeout: (@Sendable (_ requestID: String) -> Void)?
        /// Told each invocation that is answered, by the function or in its place, with what its caller gets; called
        /// on the server's thread, before the caller has it.
        package var onAnswer: (@Sendable (_ requestID: String, _ outcome: Outcome) -> Void)?

        /// Describes a server.
        ///
        /// - Parameter port: The port on 127.0.0.1; 0 for any that is free.
        package init(port: UInt16 = 0) {
            self.port = port
        }
    }
}
