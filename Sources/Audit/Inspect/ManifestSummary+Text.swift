import Bundle
import Failures

extension ManifestSummary {
    /// For people: the whole first, then a line for each archive.
    /// - Parameters:
    ///   - manifest: what this is a summary of.
    ///   - long: with digests and addresses.
    public func lines(_ manifest: Manifest, long: Bool = false) -> [String] {
        let overview = BundleOverview(
            manifest, digest: digest, fileSize: bundleBytes,
            identity: signatureRows + (installation?.rows ?? []), more: linkScriptRows)
        return (root?.lines ?? []) + overview.lines + [""] + countLines + [""] + archiveLines(long)
            + hookLines + overrideLines + policyLines
    }

    private var signatureRows: [BundleOverview.Row] {
        guard let signatures else { return [] }
        return signatures.isEmpty ? [.init("signed by", "nobody")] : signatures.map(\.row)
    }

    private var linkScriptRows: [BundleOverview.Row] {
        guard let allowed = install.linkScripts else { return [] }
        return [.init("link scripts", "of \(allowed.joined(separator: ", ")) run on the target")]
    }

    private var countLines: [String] {
        var table = TextTable([
            ("kind", .left), ("archives", .right), ("requested", .right), ("size", .right),
            ("files", .right), ("installed", .right),
        ])
        for count in counts {
            table.add([
                count.kind.rawValue, "\(count.archives)", count.kind == .python ? "" : "\(count.requested)",
                ByteCount.text(count.bytes),
                "\(count.installedFiles)", ByteCount.text(count.installedBytes),
            ])
        }
        return table.lines
    }

    private func archiveLines(_ long: Bool) -> [String] {
        let all = counts.reduce(0) { $0 + $1.archives }
        let hidden = all - archives.count
        let lines = ArchiveTable(archives.map(ArchiveTable.Row.init), long: long).lines
        return hidden == 0 ? lines : lines + ["", "\(archives.count) of \(all) archives"]
    }

    private var hookLines: [String] {
        let hooked = archives.filter { !($0.hooks ?? []).isEmpty }
        guard !hooked.isEmpty else { return [] }
        var table = TextTable([("runs without being called", .left), ("of", .left)])
        for package in hooked {
            for hook in package.hooks ?? [] { table.add([hook, package.name.printableASCII]) }
        }
        return [""] + table.lines
    }

    private var policyLines: [String] {
        guard let policy, !policy.violations.isEmpty else { return [] }
        var table = TextTable([("policy not met", .left), ("by", .left), ("found", .left)])
        for violation in policy.violations {
            table.add([violation.rule, violation.package?.printableASCII ?? "the bundle", violation.detail])
        }
        return [""] + table.lines
    }

    private var overrideLines: [String] {
        guard !overrides.isEmpty else { return [] }
        var table = TextTable([("rule departed from", .left), ("for", .left), ("reason", .left)])
        for override in overrides { table.add([override.rule, override.subject, override.reason]) }
        return [""] + table.lines
    }
}
