/// An answer to a ``FunctionURLRequest``.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html>
public typealias FunctionURLResponse = APIGatewayV2Response
