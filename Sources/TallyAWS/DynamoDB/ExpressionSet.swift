import TallyWire

/// The expressions of one request, with their placeholders gathered.
struct ExpressionSet {
    private var texts: [(member: String, text: String)] = []
    private var names: [String: String] = [:]
    private var values: [String: AttributeValue] = [:]

    /// Adds an expression as a member of the request, such as `FilterExpression`; `nil` adds nothing.
    mutating func add(_ member: String, _ expression: Expression?) throws(InvalidInput) {
        guard let expression else { return }
        texts.append((member, expression.text))
        for (placeholder, name) in expression.names {
            if let other = names.updateValue(name, forKey: placeholder), other != name {
                throw conflict(placeholder)
            }
        }
        for (placeholder, value) in expression.values {
            if let other = values.updateValue(value, forKey: placeholder), other != value {
                throw conflict(placeholder)
            }
        }
    }

    func write(to json: inout JSONWriter) {
        for (member, text) in texts {
            json.key(member)
            json.string(text)
        }
        if !names.isEmpty {
            json.key("ExpressionAttributeNames")
            json.beginObject()
            for (placeholder, name) in names.sorted(by: { $0.key < $1.key }) {
                json.key(placeholder)
                json.string(name)
            }
            json.endObject()
        }
        if !values.isEmpty {
            json.key("ExpressionAttributeValues")
            json.beginObject()
            for (placeholder, value) in values.sorted(by: { $0.key < $1.key }) {
                json.key(placeholder)
                value.write(to: &json)
            }
            json.endObject()
        }
    }

    private func conflict(_ placeholder: String) -> InvalidInput {
        // The values may be secret, so only the placeholder is named.
        InvalidInput(
            message: "two expressions use \(placeholder) for different things. Give each its own placeholder."
        )
    }
}
