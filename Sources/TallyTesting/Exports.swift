// What a test says of a function, and reads in its result.
@_exported public import TallyRuntime
