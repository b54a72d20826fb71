/// What a gigabyte of content costs on its way to S3 and back, in millionths of a US dollar.
///
/// A gigabyte is 2³⁰ bytes, as on AWS's bills.
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/aws-usage-report-understand.html>
public struct TransferPrice: Sendable, Hashable {
    /// A gigabyte sent to S3.
    public var sent: Double
    /// A gigabyte received from S3.
    public var received: Double

    /// Creates a price.
    ///
    /// - Parameters:
    ///   - sent: A gigabyte sent to S3.
    ///   - received: A gigabyte received from S3.
    public init(sent: Double, received: Double) {
        self.sent = sent
        self.received = received
    }

    /// What some bytes cost, in millionths of a US dollar.
    func microUSD(bytesSent: Int, bytesReceived: Int) -> Double {
        (Double(bytesSent) * sent + Double(bytesReceived) * received) / 1_073_741_824
    }
}
