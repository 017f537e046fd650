import Bundle
import CLinux
import ELF
import Failures
import Files
import Glibc

/// One thing that a bundle needs of its host, and what was found.
public struct RequirementCheck: Codable, Hashable, Sendable {
    public let name: String
    public let needed: String
    public let found: String
    public let met: Bool
    /// What to do when it is not met.
    public let advice: String
    let inTheWay: Bool
    let isOfDisk: Bool

    init(
        _ name: String, needed: String, found: String, met: Bool, advice: String, inTheWay: Bool = false,
        isOfDisk: Bool = false
    ) {
        self.name = name
        self.needed = needed
        self.found = found
        self.met = met
        self.advice = advice
        self.inTheWay = inTheWay
        self.isOfDisk = isOfDisk
    }

    enum CodingKeys: String, CodingKey { case name, needed, found, met, advice }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        name = try values.decode(String.self, forKey: .name)
        needed = try values.decode(String.self, forKey: .needed)
        found = try values.decode(String.self, forKey: .found)
        met = try values.decode(Bool.self, forKey: .met)
        advice = try values.decode(String.self, forKey: .advice)
        inTheWay = false
        isOfDisk = false
    }

    /// The error for a requirement that is not met.
    var failure: InstallError {
        InstallError(
            isOfDisk ? .inputOutput : inTheWay ? .targetInTheWay : .hostRequirements,
            "this host does not meet the bundle's requirements: \(name) should be \(needed) and is \(found); \(advice)"
        )
    }
}

/// Judges a host before anything is written.
struct HostRequirements {
    let manifest: Manifest
    let request: InstallRequest
    let host: HostDescription
    let claims: PathClaims
    var conda: [CondaContents] = []
    /// What takes no room, as releases have it.
    var shared = SharingForecast()

    func checks() throws -> [RequirementCheck] {
        let parent = try nearestDirectory()
        let hostChecks = request.runsInterpreter(manifest) ? [architecture, glibc] : []
        return try (hostChecks + [prefixLength, placeholders])
            .compactMap { $0 } + space(parent) + [executable(parent), caseFolding(parent)].compactMap { $0 }
    }

    private var architecture: RequirementCheck? {
        let needed = Stub.machine(of: manifest.platform)
        guard manifest.platform != "noarch" else { return nil }
        return RequirementCheck(
            "the processor architecture", needed: needed, found: host.machine, met: needed == host.machine,
            advice: "cut a bundle for this platform")
    }

    private var glibc: RequirementCheck? {
        guard let text = manifest.target.glibc else { return nil }
        guard let needed = SymbolVersion(text) else {
            return RequirementCheck(
                "the C library", needed: "glibc '\(text)'",
                found: host.glibc.map { "glibc \($0)" } ?? "no glibc",
                met: false, advice: "use a newer installer: this one does not understand that version")
        }
        return RequirementCheck(
            "the C library", needed: "glibc \(needed) or later",
            found: host.glibc.map { "glibc \($0)" } ?? "no glibc",
            met: host.glibc.map { $0 >= needed } ?? false,
            advice: "cut a bundle with an older base interpreter and [target] glibc, or use a newer host")
    }

    private var prefixLength: RequirementCheck? {
        let limit = manifest.target.longestPrefix
        return RequirementCheck(
            "the length of the prefix", needed: "at most \(limit) bytes",
            found: "\(request.prefix.utf8.count) bytes",
            met: request.prefix.utf8.count <= limit, advice: "choose a shorter prefix", inTheWay: true)
    }

    /// A prefix takes the place of one that a binary was built with, and cannot be longer.
    private var placeholders: RequirementCheck? {
        let shortest = conda.compactMap { package in
            package.shortestPlaceholder.map { (package.archive.filename, $0.path, $0.bytes) }
        }.min { $0.2 < $1.2 }
        guard let (archive, path, limit) = shortest else { return nil }
        return RequirementCheck(
            "the length of the prefix",
            needed: "at most \(limit) bytes, for which '\(path)' of \(archive) has room",
            found: "\(request.prefix.utf8.count) bytes", met: request.prefix.utf8.count <= limit,
            advice: "choose a shorter prefix", inTheWay: true)
    }

    /// Twice as much is not needed: a replaced environment stays where it is and the new one comes beside it.
    private func space(_ parent: Directory) throws -> [RequirementCheck] {
        let free = try parent.freeSpace()
        // Compiled modules take about as much room as their sources do, which are up to a third of an environment;
        // and the last block of a file is half empty, as a rule.
        let sources = manifest.target.bytes
        let compiled = compiles ? claims.sourceCount : 0
        let inodes =
            UInt64(max(0, manifest.target.inodes)) + UInt64(compiled) + UInt64(claims.directoryCount)
        let extra = (compiles ? sources / 3 : 0) + UInt64(claims.pathCount + compiled) * 2_048
        let (sum, overflow) = sources.addingReportingOverflow(extra)
        // Names and, where files are cloned, inodes are needed all the same.
        let bytes = overflow ? .max : sum - min(sum, shared.bytes + (compiles ? shared.bytes / 3 : 0))
        var checks = [
            RequirementCheck(
                "the free space", needed: "at least \(bytes >> 20 + 1) MiB",
                found: "\(free.bytes >> 20) MiB at '\(parent.path)'",
                met: free.bytes >= bytes, advice: "free some, or choose another prefix", isOfDisk: true)
        ]
        if let found = free.inodes {
            checks.append(
                RequirementCheck(
                    "the free inodes", needed: "at least \(inodes)", found: "\(found) at '\(parent.path)'",
                    met: found >= inodes,
                    advice: "remove files, or choose another prefix", isOfDisk: true))
        }
        return checks
    }

    private var compiles: Bool { request.compile && manifest.install.bytecode == .target }

    private func executable(_ parent: Directory) throws -> RequirementCheck? {
        let refused = airlift_is_noexec(parent.descriptor) == 1
        return RequirementCheck(
            "the file system of the prefix", needed: "one from which programs may run",
            found: refused ? "mounted noexec at '\(parent.path)'" : "one", met: !refused,
            advice: "choose a prefix on another file system")
    }

    /// Only told where something is to be written.
    func writable() throws -> RequirementCheck? {
        let parent = try nearestDirectory()
        guard airlift_is_readonly(parent.descriptor) == 1 else { return nil }
        return RequirementCheck(
            "the file system of the prefix", needed: "writable",
            found: "mounted read-only at '\(parent.path)'", met: false,
            advice: "mount it writable, or choose another prefix", isOfDisk: true)
    }

    /// A file system that folds case answers for a name in the other case as well.
    private func caseFolding(_ parent: Directory) throws -> RequirementCheck? {
        guard let collision = claims.caseCollisions.first else { return nil }
        for name in try parent.names().prefix(64) {
            let swapped = String(
                name.map { $0.isLowercase ? Character($0.uppercased()) : Character($0.lowercased()) })
            guard swapped != name, let path = try? RelativePath(name), let other = try? RelativePath(swapped),
                let a = try parent.status(of: path)
            else { continue }
            let folds =
                try parent.status(of: other).map { $0.inode == a.inode && $0.device == a.device } ?? false
            return RequirementCheck(
                "the file system of the prefix",
                needed: "one that tells '\(collision.0)' from '\(collision.1)'",
                found: folds ? "one that folds case" : "one",
                met: !folds, advice: "choose a prefix on another file system")
        }
        return nil
    }

    /// The prefix's parent, or what exists of the path to it. Not one in which other users may replace the prefix.
    private func nearestDirectory() throws -> Directory {
        let directory = try openNearest()
        try Strangers.refuseShared(directory, for: request.place)
        return directory
    }

    private func openNearest() throws -> Directory {
        var path = request.place
        while let slash = path.utf8.lastIndex(of: 0x2f) {
            path = slash == path.startIndex ? "/" : String(path[..<slash])
            do throws(FileError) { return try Directory.open(path) } catch {
                // Where a file lies further up, the way goes on to it, so that it is the one to be named.
                let isThere = access(path, F_OK) == 0
                guard error.code == ENOENT || error.code == ENOTDIR && !isThere, path != "/" else {
                    if error.code == ENOTDIR {
                        throw InstallError(
                            .targetInTheWay,
                            "'\(path)' is in the way of the prefix '\(request.place)': it is no directory")
                    }
                    throw error
                }
            }
        }
        throw InstallError(.usage, "the prefix '\(request.prefix)' is not absolute")
    }
}
