import TallyAWS
import TallyWire

/// Renders conditions with every name and value behind a placeholder.
///
/// One writer serves all expressions of a request, so that no placeholder means two things.
struct ExpressionWriter<Root: Model> {
    private let schema: Schema<Root>
    private var names: [String: String] = [:]
    private var nameCount = 0
    private var valueCount = 0

    init(_ schema: Schema<Root>) {
        self.schema = schema
    }

    /// Renders a condition.
    ///
    /// - Throws: ``ModelError`` when a path is not an attribute of the schema, or a value cannot be compared.
    mutating func expression(_ filter: Filter<Root>) throws(ModelError) -> Expression {
        var expression = Expression("")
        expression.text = try render(filter.node, into: &expression)
        return expression
    }

    /// Renders a condition that may be missing.
    mutating func expression(optional filter: Filter<Root>?) throws(ModelError) -> Expression? {
        guard let filter else { return nil }
        return try expression(filter)
    }

    /// Renders `attribute symbol value`.
    mutating func comparison(_ attribute: String, _ symbol: String, _ value: AttributeValue) -> Expression {
        var expression = Expression("")
        let name = placeholder(for: attribute, in: &expression)
        expression.text = "\(name) \(symbol) \(placeholder(for: value, in: &expression))"
        return expression
    }

    mutating func placeholder(for attribute: String, in expression: inout Expression) -> String {
        let name = names[attribute] ?? "#n\(nameCount)"
        if names.updateValue(name, forKey: attribute) == nil { nameCount += 1 }
        expression.names[name] = attribute
        return name
    }

    mutating func placeholder(for value: AttributeValue, in expression: inout Expression) -> String {
        defer { valueCount += 1 }
        expression.values[":v\(valueCount)"] = value
        return ":v\(valueCount)"
    }

    private mutating func render(
        _ node: Filter<Root>.Node, into expression: inout Expression
    ) throws(ModelError) -> String {
        switch node {
        case .comparison(let path, let symbol, let value):
            let name = placeholder(for: try attribute(at: path), in: &expression)
            if let value { return "\(name) \(symbol) \(placeholder(for: value, in: &expression))" }
            switch symbol {
            case "=": return "attribute_not_exists(\(name))"
            case "<>": return "attribute_exists(\(name))"
            default:
                throw ModelError(
                    .invalidRequest, model: "\(Root.self)", attribute: expression.names[name],
                    "an absent value is neither more nor less than another; compare it with == or != only")
            }
        case .refused(let path, let error):
            throw ModelError(
                .invalidRequest, model: "\(Root.self)", attribute: try attribute(at: path), "\(error)")
        case .function(let function, let path, let argument):
            let name = placeholder(for: try attribute(at: path), in: &expression)
            guard let argument else { return "\(function)(\(name))" }
            return "\(function)(\(name), \(placeholder(for: argument, in: &expression)))"
        case .junction(let word, let left, let right):
            return "(\(try render(left, into: &expression)) \(word) \(try render(right, into: &expression)))"
        case .negation(let inner):
            return "NOT (\(try render(inner, into: &expression)))"
        }
    }

    private func attribute(at path: any AnyKeyPath & Sendable) throws(ModelError) -> String {
        let name = try schema.name(of: path, in: "the condition")
        guard !schema.secrets.contains(where: { $0.name == name }) else {
            throw ModelError(
                .invalidRequest, model: "\(Root.self)", attribute: name,
                "an encrypted attribute cannot be compared: each of its values is encrypted differently")
        }
        return name
    }
}
