// One import for handlers: `import Tally`.
@_exported public import TallyAWS
@_exported public import TallyEvents
@_exported public import TallyHTTP
@_exported public import TallyMetrics
@_exported public import TallyModel
@_exported public import TallyRuntime
@_exported public import TallySinks
@_exported public import TallyWire
