import Audit
import Bundle
import Console
import Glibc
import Install

/// What `inspect` answers to each of its questions.
enum InspectStep {
    /// The whole: what it is, and a table of its archives.
    static func summary(_ input: AuditInput, _ judge: SignatureJudge, _ command: InspectCommand) throws {
        switch input.subject {
        case .manifest(let manifest, let digest):
            var summary = ManifestSummary(manifest, digest: digest)
            if let bundle = input.bundle {
                summary.bundleBytes = bundle.layout.fileSize
                summary.signatures = judge.summaries(bundle)
            }
            summary.installation = input.prefix.map { InstallationSummary($0.record) }
            summary.root = input.root.map(RootSummary.init)
            summary.archives = command.packages.chosen(summary.archives)
            if command.output.json { return try putDocument(summary) }
            summary.lines(manifest, long: command.packages.long).forEach { command.output.show($0) }
        case .lock(let lock, _):
            var summary = LockSummary(lock)
            if let platform = command.platform {
                _ = try input.subject.packageSet(platform: platform)
                summary.platforms.removeAll { $0.platform != platform }
            }
            for index in summary.platforms.indices {
                summary.platforms[index].archives = command.packages.chosen(summary.platforms[index].archives)
            }
            if command.output.json { return try putDocument(summary) }
            summary.lines(long: command.packages.long).forEach { command.output.show($0) }
        }
    }

    /// The archives as comma-separated values, of a lock those of all platforms unless one is named.
    static func table(_ input: AuditInput, _ command: InspectCommand) throws {
        let platforms = command.platform.map { [$0] } ?? input.subject.platforms
        let rows = try platforms.flatMap { platform in
            command.packages.chosen(try input.subject.packageSet(platform: platform).packages)
                .map { (platform: platform, package: $0) }
        }
        put(Array(CSV.archives(rows).utf8))
    }

    static func tree(_ input: AuditInput, _ command: InspectCommand) throws {
        let set = try input.subject.packageSet(platform: command.platform)
        let graph = DependencyGraph(set)
        let filter = command.packages.filter
        if command.output.json {
            return try putDocument(DependencyDocument(graph, title: set.title, keeping: filter))
        }
        let tree = DependencyTree(
            graph, inverted: command.question.invert, depth: command.question.depth,
            from: filter)
        tree.lines(ascii: !isUTF8).forEach { command.output.show($0) }
    }

    static func why(_ input: AuditInput, _ name: String, _ command: InspectCommand) throws {
        let set = try input.subject.packageSet(platform: command.platform)
        let graph = DependencyGraph(set)
        let reason = try PackageReason(graph, title: set.title, name: name)
        if command.output.json { return try putDocument(reason) }
        reason.lines(graph).forEach { command.output.show($0) }
    }

    static func files(_ input: AuditInput, _ name: String, _ command: InspectCommand) throws {
        let listing = try listing(input, name)
        if command.output.json { return try putDocument(listing) }
        if command.csv { return put(Array(listing.csv.utf8)) }
        listing.lines.forEach { command.output.show($0) }
    }

    private static func listing(_ input: AuditInput, _ name: String) throws -> FileListing {
        if let bundle = input.bundle { return try FileListing(named: name, in: bundle) }
        if let prefix = input.prefix { return try FileListing(named: name, in: prefix) }
        throw CommandError(
            .usage,
            "'\(input.path)' does not list the files of packages; name the bundle or an installed environment"
        )
    }

    /// Whether the terminal shows lines of a tree: by the first of these variables that says something (locale(7)).
    private static var isUTF8: Bool {
        for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
            guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { continue }
            let folded = value.lowercased()
            return folded.hasSuffix("utf-8") || folded.hasSuffix("utf8")
        }
        return false
    }
}
