import Failures

/// Gathers entries and all that is wrong with them.
struct PathsCollector {
    private(set) var entries: [PathsJSON.Entry] = []
    private var faults: [CondaError] = []
    private var seen: Set<PathKey> = []
    private let file: String
    private let subject: CondaError.Subject
    private static let mostFaults = 100

    init(file: String, subject: CondaError.Subject = .paths, capacity: Int) {
        self.file = file
        self.subject = subject
        entries.reserveCapacity(capacity)
        seen.reserveCapacity(capacity)
    }

    mutating func fault(_ reason: String) {
        if faults.count < Self.mostFaults { faults.append(CondaError(subject, file, reason)) }
    }

    mutating func add(_ entry: PathsJSON.Entry) {
        if let reason = PackagePath.fault(entry.path) {
            return fault(
                "the path '\(entry.path.prefix(200).description.printable)' is not allowed: \(reason)")
        }
        guard seen.insert(PathKey(entry.path)).inserted else {
            return fault("the path '\(entry.path.printable)' is listed twice")
        }
        if let placeholder = entry.placeholder {
            if placeholder.text.isEmpty || placeholder.text.utf8.count > PrefixRewriter.longestPlaceholder
                || placeholder.text.utf8.contains(0)
            {
                return fault(
                    "the placeholder of '\(entry.path.printable)' is empty, holds a NUL, or is longer than \(PrefixRewriter.longestPlaceholder) bytes"
                )
            }
        }
        entries.append(entry)
    }

    func result(_ source: PathsJSON.Source) throws(FailureList) -> PathsJSON {
        if !faults.isEmpty { throw FailureList(faults) }
        return PathsJSON(source: source, entries: entries)
    }
}
