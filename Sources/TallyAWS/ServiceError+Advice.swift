import TallyHTTP
import TallyMetrics

extension ServiceError {
    /// Adds what to do about the errors that have one usual cause.
    mutating func advise(region: Region, url: String) {
        advice = adviceForCode(region: region) ?? adviceForTransport(url: url)
    }

    private func adviceForCode(region: Region) -> String? {
        switch code.rawValue {
        case "ResourceNotFoundException" where service == .dynamoDB:
            "Check that the table (and index) exists in \(region) and that its name is right."
        case "NotFoundException" where service == .kms:
            "Check that the key or alias exists in \(region); an alias is written alias/NAME."
        case "NoSuchBucket":
            "Check that the bucket exists and that its name is right."
        case "PermanentRedirect", "AuthorizationHeaderMalformed", "TemporaryRedirect":
            bucketRegion.map { "The bucket lies in \($0): use a client of that region." }
                ?? "The bucket may lie in another region than \(region): use a client of the bucket's region."
        case "AccessDenied", "AccessDeniedException", "UnauthorizedException":
            "The credentials' role needs \(iamAction)\(resource.map { " on \($0)" } ?? "")."
        case "ExpiredToken", "ExpiredTokenException", "RequestExpired":
            "The credentials have expired: renew them (and AWS_SESSION_TOKEN)."
        case "UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId", "MissingAuthenticationToken",
            "MissingAuthenticationTokenException":
            "Check AWS_ACCESS_KEY_ID, and AWS_SESSION_TOKEN for temporary keys."
        case "InvalidSignatureException", "SignatureDoesNotMatch":
            "Check AWS_SECRET_ACCESS_KEY and the machine's clock."
        case "RequestTimeTooSkewed", "RequestInTheFuture":
            "Set the machine's clock."
        case "InvalidCiphertextException":
            "The ciphertext was changed, or encrypted under another key or encryption context."
        case "DisabledException", "KMSInvalidStateException":
            "Enable the key, or cancel its deletion."
        case Code.deadlineExceeded.rawValue:
            "Raise the function's timeout, or do less in one invocation."
        default: nil
        }
    }

    private func adviceForTransport(url: String) -> String? {
        guard let transportError else { return nil }
        let target = RequestURL(url)
        let place = "\(target.scheme)://\(target.host)"
        switch transportError.code {
        case .unknownHost, .connectionFailed, .timedOut, .connectionLost:
            return "Check that \(place) can be reached: the endpoint's URL, the VPC's routes, the security group."
        case .tls:
            return "Check the certificate of \(place) and the certificate authorities (AWS_CA_BUNDLE)."
        default:
            return nil
        }
    }

    // S3's actions are named after objects, not after its operations.
    // https://docs.aws.amazon.com/AmazonS3/latest/API/mpuAndPermissions.html
    private var iamAction: String {
        guard service == .s3 else { return "\(service.signingName):\(operation)" }
        switch operation {
        case "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload": return "s3:PutObject"
        case "HeadObject": return "s3:GetObject"
        default: return "s3:\(operation)"
        }
    }
}
