import Failures

/// A question that does not fit what is asked.
public struct AuditError: Failure, Equatable {
    public let kind: FailureKind
    public let description: String

    init(_ description: String, kind: FailureKind = .usage) {
        self.description = description
        self.kind = kind
    }

    /// A platform that was not named, or that the subject does not have.
    /// - Parameter wanted: nil where none was named.
    init(subject: String, wanted: String?, platforms: [String]) {
        let present = platforms.isEmpty ? "no platform" : platforms.joined(separator: ", ")
        self.init(
            wanted.map { "'\(subject)' has no packages for the platform '\($0)', only for \(present)" }
                ?? "'\(subject)' has packages for \(present), and one of them must be named: --platform")
    }

    /// A package that is not there.
    /// - Parameter names: of those that are.
    init(title: String, package: String, among names: [String]) {
        let wanted = DependencyGraph.normalized(package.lowercased())
        let near = names.filter { name in
            let name = DependencyGraph.normalized(name)
            return !wanted.isEmpty && (name.contains(wanted) || wanted.contains(name))
        }.prefix(5).map(\.printableASCII)
        self.init(
            "\(title.printable) has no package '\(package.printable)'; "
                + (near.isEmpty
                    ? "list them with 'airlift inspect'" : "there are \(near.joined(separator: ", "))"))
    }
}
