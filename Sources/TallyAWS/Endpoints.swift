public import TallyMetrics

/// Finds the URL of a service in a region.
///
/// AWS's own endpoints of every partition, unless overridden as the AWS SDKs do: `AWS_ENDPOINT_URL_DYNAMODB`,
/// `…_KMS`, `…_S3` and so on, then `AWS_ENDPOINT_URL`; `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true` ignores them all.
/// FIPS, dual-stack and account endpoints are not chosen: name such a URL in an override.
///
/// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>
public struct Endpoints: Sendable, Hashable {
    private var overrides: [Service: Endpoint] = [:]
    private var common: Endpoint?

    /// AWS's own endpoints.
    public init() {}

    /// AWS's own endpoints but for the services named.
    ///
    /// - Parameter overrides: Base URLs, such as `[.dynamoDB: "http://127.0.0.1:4566"]`.
    /// - Throws: ``ConfigurationError`` when a URL cannot be used.
    public init(overrides: [Service: String]) throws(ConfigurationError) {
        for (service, url) in overrides {
            self.overrides[service] = try Endpoint(parsing: url, from: "endpoint of \(service.rawValue)")
        }
    }

    /// The endpoints that the environment asks for, and then the profile: its `services`, then its `endpoint_url`.
    ///
    /// - Parameters:
    ///   - environment: Looks up a variable; an empty value counts as absent.
    ///   - configuration: The shared files; `nil` looks at the environment only.
    /// - Throws: ``ConfigurationError`` when a value cannot be used.
    public init(
        environment: (String) -> String?, configuration: SharedConfiguration? = nil
    ) throws(ConfigurationError) {
        for variable in ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"]
        where environment(variable)?.lowercased() == "true" {
            throw ConfigurationError(
                variable, "not supported. Unset it and name the endpoint in AWS_ENDPOINT_URL_<SERVICE> instead."
            )
        }
        guard environment("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")?.lowercased() != "true" else { return }
        for service in Service.known {
            let variable = "AWS_ENDPOINT_URL_\(service.endpointVariable)"
            guard let url = environment(variable), !url.isEmpty else { continue }
            overrides[service] = try Endpoint(parsing: url, from: variable)
        }
        if let url = environment("AWS_ENDPOINT_URL"), !url.isEmpty {
            common = try Endpoint(parsing: url, from: "AWS_ENDPOINT_URL")
            return
        }
        guard let configuration else { return }
        for service in Service.known where overrides[service] == nil {
            guard let url = configuration.endpointURL(of: service.endpointVariable) else { continue }
            overrides[service] = try Endpoint(
                parsing: url, from: "profile \(configuration.profile): endpoint_url of \(service.rawValue)")
        }
    }

    /// The endpoint of a service that has one for each region.
    package func endpoint(for service: Service, in region: Region) -> Endpoint {
        overrides[service] ?? common ?? Endpoint(host: "\(service.endpointPrefix).\(region).\(region.domain)")
    }

    /// The URL of an S3 bucket: virtual-hosted on AWS, path style on an override and for names with dots, which no
    /// certificate of AWS's covers.
    package func bucketURL(_ bucket: String, in region: Region) throws(ConfigurationError) -> String {
        try Self.check(bucket)
        if let override = overrides[.s3] ?? common { return "\(override)/\(bucket)" }
        let host = "s3.\(region).\(region.domain)"
        return bucket.utf8.contains(UInt8(ascii: ".")) ? "https://\(host)/\(bucket)" : "https://\(bucket).\(host)"
    }

    // A name becomes part of a host or a path, so what is not a bucket's name is refused, never sent.
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    private static func check(_ bucket: String) throws(ConfigurationError) {
        guard !bucket.hasSuffix("--x-s3") else {
            throw ConfigurationError(
                "bucket \(bucket)", "S3 Express directory buckets are not supported. Use a general purpose bucket."
            )
        }
        guard !bucket.hasPrefix("arn:") else {
            throw ConfigurationError(
                "bucket \(bucket)", "access point ARNs are not supported. Use the bucket's name."
            )
        }
        let isName = bucket.utf8.allSatisfy {
            ($0 | 0x20) &- 97 < 26 || $0 &- 48 < 10 || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
                || $0 == UInt8(ascii: "_")
        }
        guard isName, (3...255).contains(bucket.utf8.count), bucket.utf8.first != UInt8(ascii: ".") else {
            throw ConfigurationError(
                "bucket \"\(bucket)\"", "not a bucket's name. Use 3 to 63 lower-case letters, digits, dots and hyphens."
            )
        }
    }
}
