extension RandomAccessCollection {
    /// The first element of which `belongs` is true; of none before it is it, and of all after it.
    ///
    /// - Complexity: O(log n).
    func firstIndex(ofSorted belongs: (Element) -> Bool) -> Index {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = index(low, offsetBy: distance(from: low, to: high) / 2)
            if belongs(self[middle]) { high = middle } else { low = index(after: middle) }
        }
        return low
    }
}
