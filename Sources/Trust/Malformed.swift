/// Why bytes are not what was to be read. Who knows what they were, a file or an entry, makes a `TrustError` of it.
struct Malformed: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
