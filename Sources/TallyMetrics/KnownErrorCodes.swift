/// The error codes that may be values of a dimension; any other counts as `other`, since a service or a proxy may send
/// whatever it likes.
enum KnownErrorCodes {
    static let all: Set<String> = [
        // Tally's own.
        "NoCredentials", "Refused", "InvalidRequest", "InvalidResponse", "ChecksumMismatch", "DeadlineExceeded",
        "Cancelled", "NoResponse",
        // Of all services. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/CommonErrors.html
        "AccessDeniedException", "AccessDenied", "ExpiredTokenException", "ExpiredToken", "IncompleteSignature",
        "InvalidSignatureException", "SignatureDoesNotMatch", "UnrecognizedClientException", "ThrottlingException",
        "Throttling", "RequestTimeout", "RequestTimeTooSkewed", "ServiceUnavailable", "InternalServerError",
        "InternalFailure", "InternalError", "ValidationException",
        // DynamoDB.
        "ProvisionedThroughputExceededException", "RequestLimitExceeded", "ResourceNotFoundException",
        "ResourceInUseException", "TransactionCanceledException", "TransactionConflictException",
        "TransactionInProgressException", "IdempotentParameterMismatchException",
        "ItemCollectionSizeLimitExceededException", "ReplicatedWriteConflictException", "DuplicateItemException",
        "LimitExceededException",
        // KMS.
        "DisabledException", "KMSInvalidStateException", "KMSInternalException", "KeyUnavailableException",
        "InvalidCiphertextException", "IncorrectKeyException", "InvalidKeyUsageException", "NotFoundException",
        "DependencyTimeoutException", "InvalidGrantTokenException",
        // S3.
        "SlowDown", "NoSuchKey", "NoSuchBucket", "NoSuchUpload", "InvalidPart", "EntityTooLarge", "EntityTooSmall",
        "BadDigest", "PermanentRedirect", "ConditionalRequestConflict", "InvalidObjectState", "InvalidRange",
        // The transport's.
        "UnknownHost", "ConnectionFailed", "ConnectionLost", "TimedOut", "TLS", "BodyFailed", "FileFailed",
        "ResponseTooLarge",
    ]
}
