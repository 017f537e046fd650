import Bundle

extension ManifestSummary {
    /// For people: the whole first, then a line for each archive.
    public var lines: [String] {
        var head = TextTable([("\(TextTable.printable(name)) \(version)", .left), ("", .left)])
        if !summary.isEmpty { head.add(["summary", summary]) }
        head.add(["serial", "\(serial)"])
        head.add(["platform", platform])
        head.add(["glibc", glibc ?? "none"])
        head.add(["python", "\(python.implementation) \(python.version) (\(python.source.rawValue))"])
        head.add(["environment id", environment.hex])
        head.add(["bundle digest", digest.hex])
        head.add(["archives", ByteCount.text(archiveBytes)])
        head.add(["installed", ByteCount.text(installedBytes)])
        head.add(["files of the application", "\(applicationFiles)"])
        head.add(["cut by", generator])
        return head.lines + [""] + countLines + [""] + archiveLines + hookLines + overrideLines
    }

    private var countLines: [String] {
        var table = TextTable([
            ("kind", .left), ("archives", .right), ("requested", .right), ("size", .right),
            ("files", .right), ("installed", .right),
        ])
        for count in counts {
            table.add([
                count.kind.rawValue, "\(count.archives)", "\(count.requested)", ByteCount.text(count.bytes),
                "\(count.installedFiles)", ByteCount.text(count.installedBytes),
            ])
        }
        return table.lines
    }

    private var archiveLines: [String] { PackageSet.table(of: archives) }

    private var hookLines: [String] {
        let hooked = archives.filter { !($0.hooks ?? []).isEmpty }
        guard !hooked.isEmpty else { return [] }
        var table = TextTable([("runs without being called", .left), ("of", .left)])
        for package in hooked {
            for hook in package.hooks ?? [] { table.add([hook, package.name]) }
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

extension PackageSet {
    /// A line for each package; a `*` marks what was asked for.
    static func table(of packages: [Package]) -> [String] {
        var table = TextTable([
            ("", .left), ("kind", .left), ("name", .left), ("version", .left), ("size", .right),
            ("licence", .left), ("sha256", .left),
        ])
        for package in packages {
            table.add([
                package.requested ? "*" : "", package.kind.rawValue, package.name,
                package.build.map { "\(package.version) \($0)" } ?? package.version,
                package.size.map(ByteCount.text) ?? "-", package.license ?? "-", package.sha256.hex,
            ])
        }
        return table.lines
    }
}
