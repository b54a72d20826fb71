"""Events as an API Gateway HTTP API sends them to a function, payload format 2.0.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
import json
import time
import uuid
from urllib.parse import quote, urlencode


def http_event(
    method: str,
    route: str,
    parameters: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    body: dict | str | None = None,
    in_base64: bool = False,
) -> dict:
    """One event of a route such as `/documents/{id}`, whose braces the parameters fill."""
    path = route
    for name, value in (parameters or {}).items():
        path = path.replace("{" + name + "}", quote(value, safe=""))
    now = time.time()
    host = "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"
    headers = {
        "accept": "*/*",
        "content-length": "0",
        "host": host,
        "user-agent": "curl/8.5.0",
        "x-amzn-trace-id": f"Root=1-{int(now):08x}-{uuid.uuid4().hex[:24]}",
        "x-forwarded-for": "203.0.113.7",
        "x-forwarded-port": "443",
        "x-forwarded-proto": "https",
    }
    event = {
        "version": "2.0",
        "routeKey": f"{method} {route}",
        "rawPath": path,
        "rawQueryString": urlencode(query or {}, quote_via=quote),
        "headers": headers,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "a1b2c3d4e5",
            "domainName": host,
            "domainPrefix": "a1b2c3d4e5",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
                "userAgent": "curl/8.5.0",
            },
            "requestId": uuid.uuid4().hex[:15] + "=",
            "routeKey": f"{method} {route}",
            "stage": "$default",
            "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
            "timeEpoch": int(now * 1000),
        },
        "isBase64Encoded": False,
    }
    # The gateway leaves out what is empty.
    if query:
        event["queryStringParameters"] = query
    if parameters:
        event["pathParameters"] = parameters
    if body is not None:
        text = body if isinstance(body, str) else json.dumps(body)
        headers["content-type"] = "application/json"
        headers["content-length"] = str(len(text.encode()))
        event["isBase64Encoded"] = in_base64
        event["body"] = base64.b64encode(text.encode()).decode() if in_base64 else text
    return event


def request_line(event: dict) -> str:
    """The request that an event stands for, as a person writes it."""
    query = f"?{event['rawQueryString']}" if event["rawQueryString"] else ""
    return f"{event['requestContext']['http']['method']} {event['rawPath']}{query}"
