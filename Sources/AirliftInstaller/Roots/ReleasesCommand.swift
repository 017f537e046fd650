import ArgumentParser
import Bundle
import Console
import Digests
import Files
import Install

struct ReleasesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "releases", abstract: "List the releases: which is current, which are in use.",
        discussion: """
            Example:
              /opt/payroll/.airlift/airlift releases

            '*' marks the current release, '<' the one that rollback goes to.
            """)

    @OptionGroup var root: RootArgument
    @OptionGroup var output: OutputOptions

    func run() throws {
        let root = try root.open()
        let report = try ReleasesReport(root)
        try output.document("releases", report)
        guard !report.releases.isEmpty else {
            output.show("There is no release in \(root.path).")
            return
        }
        var table = TextTable([
            ("", .left), ("RELEASE", .left), ("SERIAL", .right), ("ENVIRONMENT", .left), ("INSTALLED", .left),
            ("BY", .left), ("SIZE", .right), ("SHARED", .right), ("IN USE", .left),
        ])
        for row in report.releases { table.add(row.cells) }
        for line in table.lines { output.show(line) }
        for row in report.releases {
            for user in row.usedBy.prefix(5) { output.show("\(row.version.printable): \(user.words)") }
            if row.usedBy.count > 5 {
                output.show("\(row.version.printable): and \(row.usedBy.count - 5) more")
            }
            if let fault = row.fault { output.notice("\(row.version.printable) is damaged: \(fault)") }
        }
        if let blindness = report.blindness { output.notice(blindness) }
    }
}

/// What `releases` tells.
private struct ReleasesReport: Encodable {
    struct Row: Encodable {
        let version: String
        let current: Bool
        /// `rollback` goes there.
        let previous: Bool
        let serial: Int?
        let environment: SHA256Digest?
        let bundle: SHA256Digest?
        let installedAt: String?
        let installedBy: ActingUser?
        let bytes: UInt64?
        let sharedBytes: UInt64?
        let usedBy: [ReleaseUse.User]
        let fault: String?

        enum CodingKeys: String, CodingKey {
            case version, current, previous, serial, environment, bundle, bytes, fault
            case installedAt = "installed_at"
            case installedBy = "installed_by"
            case sharedBytes = "shared_bytes"
            case usedBy = "used_by"
        }

        var cells: [String] {
            let processes = usedBy.count
            return [
                current ? "*" : previous ? "<" : "", version, serial.map { "\($0)" } ?? "?",
                environment.map { String($0.hex.prefix(12)) } ?? "?", installedAt ?? "?",
                installedBy?.words ?? "", bytes.map(ByteCount.text) ?? "?",
                sharedBytes.map(ByteCount.text) ?? "?",
                processes == 0 ? "" : "\(processes) \(processes == 1 ? "process" : "processes")",
            ]
        }
    }

    let root: String
    let name: String?
    let current: String?
    let releases: [Row]
    let blindness: String?

    init(_ root: ReleaseRoot) throws {
        self.root = root.path
        name = try root.state()?.name
        let current = try root.current()
        let previous = try root.previous()
        let all = try root.releases()
        var places: [String: Directory] = [:]
        for release in all { places[release.name] = try root.releaseDirectory(release.name) }
        let use = try ReleaseUse.look(for: places)
        let usage = try ReleaseUsage.measure(places)
        self.current = current
        releases = all.map { release in
            Row(
                version: release.name, current: release.name == current, previous: release.name == previous,
                serial: release.record?.serial, environment: release.record?.environment,
                bundle: release.record?.bundle, installedAt: release.record?.installedAt,
                installedBy: release.record?.by, bytes: usage[release.name]?.bytes,
                sharedBytes: usage[release.name]?.shared, usedBy: use.users[release.name] ?? [],
                fault: release.fault)
        }
        blindness = use.blindness
    }
}

extension ReleaseRoot {
    fileprivate func releaseDirectory(_ name: String) throws -> Directory {
        try directory.directory(RelativePath("\(Self.releasesPath)/\(name)"))
    }
}
