/// The names of an object's members, so that of those that have one name the last counts.
///
/// The members are in the sink's list, those of an object behind those of what it is in.
final class JSONObjectNames {
    private let first: Int
    /// Places in the list by the hash of the name, where a search would take long.
    private var byHash: [Int: Int]?
    private var hasReplaced = false

    private static let searchLimit = 32

    /// Lists the members that an object has already.
    ///
    /// - Parameters:
    ///   - start: Where the object's members begin in the text.
    ///   - sink: Has the text.
    init(from start: Int, in sink: JSONSink) {
        first = sink.members.count
        for member in sink.members(from: start) { add(member, in: sink) }
    }

    /// The place in the list of the member that has a name and counts.
    func find(_ member: JSONSink.Member, in sink: JSONSink) -> Int? {
        guard let byHash else { return sink.members[first...].lastIndex { sink.isSameName($0, member) } }
        return byHash[sink.hash(member)].flatMap { sink.isSameName(sink.members[$0], member) ? $0 : nil }
    }

    /// Lists a member that was written.
    func add(_ member: JSONSink.Member, in sink: JSONSink) {
        if let place = find(member, in: sink) {
            sink.members[place].isReplaced = true
            hasReplaced = true
        }
        sink.members.append(member)
        if byHash != nil {
            byHash?[sink.hash(member)] = sink.members.count - 1
        } else if sink.members.count - first > Self.searchLimit {
            let places = sink.members.indices[first...].map { (sink.hash(sink.members[$0]), $0) }
            byHash = Dictionary(places) { _, last in last }
        }
    }

    /// Takes out what was replaced, once the object is complete.
    func end(in sink: JSONSink) {
        if hasReplaced { sink.removeReplaced(from: first) }
        sink.members.removeLast(sink.members.count - first)
    }
}
