import TallyWire

/// The documents of an invocation whose handler added metrics of its own, or that has detailed lines.
struct EMFParts {
    private let line: EMFLine
    private let report: InvocationReport
    private let values: [EMFCatalogue.Value?]
    private let userMetrics: UserMetrics
    private let details: [UserMetrics.Separate]
    private var bytes: [UInt8] = []
    private var part = 1

    init(
        _ line: EMFLine, _ report: InvocationReport, values: [EMFCatalogue.Value?], _ userMetrics: UserMetrics,
        _ details: [UserMetrics.Separate] = []
    ) {
        self.line = line
        self.report = report
        self.values = values
        self.userMetrics = userMetrics
        self.details = details
    }

    /// All lines: Tally's own with what fits onto it, the rest of the same dimensions, then each other place in turn.
    consuming func lines() -> [UInt8] {
        let main = userMetrics.main
        let own = line.configuration.dimensions
        let sets = main.dimensionSets.map { own + $0 }
        let directive = EMFLine.Directive(
            namespace: line.directive.namespace,
            dimensionSets: EMFLine.dimensionSets([[]] + (own.isEmpty ? [] : [own]) + sets))
        let chunks = EMFChunk.chunks(of: main.metrics)

        let taken = appendFirst(chunks, directive)
        append(chunks[taken...], directive, main)
        for separate in userMetrics.separate + details {
            let set = own + separate.document.dimensionSets.joined()
            let directive = EMFLine.Directive(
                namespace: separate.namespace ?? line.directive.namespace, dimensionSets: EMFLine.dimensionSets([set]))
            append(EMFChunk.chunks(of: separate.document.metrics)[...], directive, separate.document)
        }
        return bytes
    }

    // MARK: - Lines

    /// Appends the line with Tally's own metrics.
    ///
    /// - Returns: How many chunks it took.
    private mutating func appendFirst(_ chunks: [EMFChunk], _ directive: EMFLine.Directive) -> Int {
        var members = JSONWriter(capacity: 4096)
        members.beginObject()
        line.writeMembers(of: report, values: values, to: &members)
        write(dimensionsOf: userMetrics.main, to: &members)
        for property in userMetrics.main.properties {
            members.key(property.name)
            members.raw(property.json)
        }
        let definitions = zip(EMFCatalogue.metrics, values).compactMap { $1 == nil ? nil : $0.definition }
        let isAlike = userMetrics.main.dimensionSets.isEmpty

        func document(_ chunks: ArraySlice<EMFChunk>) -> [UInt8] {
            let added = chunks.map(\.definition)
            return self.document(
                members,
                isAlike || chunks.isEmpty
                    ? [(line.directive, definitions + added)] : [(line.directive, definitions), (directive, added)],
                chunks)
        }
        // Two directives at most, and as many definitions as metrics.
        let room = MetricRules.lineLimit - document([]).count - directive.dimensionSets.count - 512
        let count = EMFChunk.fitting(
            chunks[...], metrics: MetricRules.metricLimit - definitions.count, byteCount: room)
        bytes += document(chunks.prefix(count))
        return count
    }

    /// Appends as many further lines as the chunks need.
    private mutating func append(
        _ chunks: ArraySlice<EMFChunk>, _ directive: EMFLine.Directive, _ owner: MetricDocument
    ) {
        var chunks = chunks
        while !chunks.isEmpty {
            part += 1
            var members = JSONWriter(capacity: 4096)
            members.beginObject()
            line.writeIdentity(of: report, to: &members)
            members.member(.part, part)
            write(dimensionsOf: owner, to: &members)
            let room = MetricRules.lineLimit - document(members, [(directive, [])], []).count
            // One chunk has some 4 KiB at most, and so always fits.
            let count = max(1, EMFChunk.fitting(chunks, metrics: MetricRules.metricLimit, byteCount: room))
            let taken = chunks.prefix(count)
            bytes += document(members, [(directive, taken.map(\.definition))], taken)
            chunks = chunks.dropFirst(count)
        }
    }

    private func write(dimensionsOf document: MetricDocument, to json: inout JSONWriter) {
        for dimension in document.dimensions {
            json.member(dimension.name, dimension.value)
        }
    }

    /// One document.
    ///
    /// - Parameters:
    ///   - members: The object of all members but `_aws` and the chunks', not yet ended.
    ///   - directives: Each with its definitions.
    ///   - chunks: The metrics that the handler added.
    /// - Returns: The line.
    private func document(
        _ members: JSONWriter, _ directives: [(EMFLine.Directive, definitions: [[UInt8]])],
        _ chunks: ArraySlice<EMFChunk>
    ) -> [UInt8] {
        var json = JSONWriter(capacity: 8192)
        json.beginObject()
        if line.configuration.extraction == .on {
            json.key(.metadata)
            line.beginMetadata(at: report.timestamp, to: &json)
            for (directive, definitions) in directives {
                line.write(directive, array(of: definitions), to: &json)
            }
            line.endMetadata(to: &json)
        }
        // Members written already follow like a value: with a comma before them, where they are not the first.
        json.raw(members.bytes.dropFirst())
        for chunk in chunks {
            json.raw(chunk.member)
        }
        json.endObject()
        json.endLine()
        return json.bytes
    }

    private func array(of definitions: [[UInt8]]) -> [UInt8] {
        var json = JSONWriter(capacity: 4096)
        json.beginArray()
        for definition in definitions {
            json.raw(definition)
        }
        json.endArray()
        return json.bytes
    }
}
