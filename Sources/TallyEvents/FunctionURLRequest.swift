/// An HTTP request to a function's own URL, which has the payload format of API Gateway's HTTP APIs.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html>
public typealias FunctionURLRequest = APIGatewayV2Request
