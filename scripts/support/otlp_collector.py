"""A collector of OTLP metrics that takes what the published messages allow, and nothing else.

    .venv/bin/python scripts/support/otlp_collector.py 4318 &
    OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 swift test --filter LocalCollectorTests

Each batch is read with Protobuf's own JSON mapping, unknown names are errors, and the parts of each histogram have to
agree. What it takes is printed.
"""

import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from google.protobuf import json_format
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import AGGREGATION_TEMPORALITY_DELTA as DELTA


def check(request: ExportMetricsServiceRequest) -> None:
    """Raises where a message says what its fields cannot mean together."""
    for resource in request.resource_metrics:
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                kind = metric.WhichOneof("data")
                data = getattr(metric, kind)
                assert kind == "gauge" or data.aggregation_temporality == DELTA, metric
                for point in data.data_points:
                    assert 0 < point.start_time_unix_nano <= point.time_unix_nano, metric
                    if kind == "histogram":
                        assert sum(point.bucket_counts) == point.count, metric
                        assert len(point.bucket_counts) == len(point.explicit_bounds) + 1, metric
                        assert list(point.explicit_bounds) == sorted(set(point.explicit_bounds)), metric


class Collector(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = 200
        try:
            assert self.path == "/v1/metrics" and self.headers["Content-Type"] == "application/json"
            request = json_format.Parse(body, ExportMetricsServiceRequest())
            check(request)
            print(request, flush=True)
        except (AssertionError, json_format.ParseError) as error:
            print(f"refused: {error!r}", flush=True)
            status = 400
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *arguments: object) -> None:
        pass


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Collector).serve_forever()
