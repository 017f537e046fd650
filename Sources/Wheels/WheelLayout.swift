import Failures

/// What the members of a wheel are and where each is to be installed, judged from their names alone
/// (binary distribution format, "File contents").
public struct WheelLayout: Hashable, Sendable {
    /// A directory of the installation (`sysconfig` names).
    public enum Scheme: String, Sendable, CaseIterable {
        case purelib, platlib, scripts, headers, data
    }

    public enum Role: Sendable {
        case content
        case metadata, wheel, record, entryPoints
        /// `RECORD.jws`, `RECORD.p7s`: valid for the archive, not for what is installed.
        case recordSignature
        /// `INSTALLER`, `REQUESTED`, `direct_url.json`: the installer's own to write, never the wheel's.
        case installersOwn
    }

    public struct Member: Hashable, Sendable {
        /// As in the archive.
        public let path: String
        public let scheme: Scheme
        /// Below the directory of the scheme.
        public let destination: String
        public let role: Role
    }

    /// The name of the one `.dist-info` directory.
    public let distInfo: String
    /// All files, in the order given; directories are left out.
    public let members: [Member]
    /// Groups of destinations that only differ by case (or Unicode form): where names are folded, one would
    /// replace the other.
    public let caseClashes: [[String]]

    /// - Parameters:
    ///   - paths: the names of all members; a `/` at the end marks a directory.
    ///   - rootIsPurelib: from the WHEEL file, see ``distInfo(of:paths:)``.
    /// - Throws: every fault at once.
    public init(_ wheel: WheelFilename, paths: [String], rootIsPurelib: Bool) throws(FailureList) {
        var faults: [WheelError] = []
        var distInfo = ""
        do { distInfo = try Self.distInfo(of: wheel, paths: paths) } catch { faults.append(error) }
        let dataDirectories = Self.topDirectories(paths, suffix: ".data")
        if dataDirectories.count > 1 {
            faults.append(
                WheelError(
                    .layout, wheel.text, "it has several .data directories: \(Self.list(dataDirectories))"))
        }
        for directory in dataDirectories {
            if let fault = Self.disagreement(directory, ".data", wheel) {
                faults.append(WheelError(.layout, wheel.text, fault))
            }
        }

        let root: Scheme = rootIsPurelib ? .purelib : .platlib
        var members: [Member] = []
        members.reserveCapacity(paths.count)
        var seen: Set<ExactText> = []
        for path in paths {
            let isDirectory = path.utf8.last == UInt8(ascii: "/") && path.utf8.count > 1
            let name = isDirectory ? String(path.dropLast()) : path
            if let fault = MemberPath.fault(name) {
                faults.append(WheelError(.member, path, fault))
                continue
            }
            if !seen.insert(ExactText(name)).inserted {
                faults.append(WheelError(.member, path, "the wheel holds it twice"))
                continue
            }
            if isDirectory { continue }
            do {
                members.append(try Self.member(name, root: root, dataDirectories, distInfo: distInfo))
            } catch { faults.append(error) }
        }
        if !distInfo.isEmpty {
            for required in ["METADATA", "WHEEL", "RECORD"]
            where !seen.contains(ExactText("\(distInfo)/\(required)")) {
                faults.append(WheelError(.layout, wheel.text, "it has no \(distInfo)/\(required)"))
            }
        }
        let claims = DestinationClaims(members)
        faults += claims.faults
        if !faults.isEmpty { throw FailureList(faults) }
        self.distInfo = distInfo
        self.members = members
        caseClashes = claims.caseClashes
    }

    /// The name of the `.dist-info` directory at the root.
    /// - Throws: when there is none or more than one, or it is of another project or version than the
    ///   file name says.
    public static func distInfo(of wheel: WheelFilename, paths: [String]) throws(WheelError) -> String {
        let directories = topDirectories(paths, suffix: ".dist-info")
        guard let directory = directories.first else {
            throw WheelError(.layout, wheel.text, "it has no .dist-info directory")
        }
        if directories.count > 1 {
            throw WheelError(
                .layout, wheel.text, "it has several .dist-info directories: \(list(directories))")
        }
        if let fault = disagreement(directory, ".dist-info", wheel) {
            throw WheelError(.layout, wheel.text, fault)
        }
        return directory
    }

    /// Names of directories at the root that end so, in order of first use.
    private static func topDirectories(_ paths: [String], suffix: String) -> [String] {
        var found: [String] = []
        for path in paths {
            guard let slash = path.utf8.firstIndex(of: UInt8(ascii: "/")) else { continue }
            let top = path[..<slash]
            guard top.utf8.count >= suffix.utf8.count,
                top.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8),
                found.last.map({ !$0.utf8.elementsEqual(top.utf8) }) ?? true,
                !found.contains(where: { $0.utf8.elementsEqual(top.utf8) })
            else { continue }
            found.append(String(top))
        }
        return found
    }

    /// Why `{name}-{version}{suffix}` is not of this wheel.
    private static func disagreement(_ directory: String, _ suffix: String, _ wheel: WheelFilename) -> String?
    {
        let stem = directory.dropLast(suffix.count)
        let shown = WheelError.excerpt(directory)
        guard let dash = stem.lastIndex(of: "-"), let name = try? ProjectName(stem[..<dash]),
            let version = try? PythonVersion(stem[stem.index(after: dash)...])
        else { return "its directory '\(shown)' is not named {name}-{version}\(suffix)" }
        if name != wheel.distribution {
            return
                "its directory '\(shown)' is of project '\(name.normalized)', and its name says '\(wheel.distribution.normalized)'"
        }
        if version != wheel.version {
            return "its directory '\(shown)' is of version \(version), and its name says \(wheel.version)"
        }
        return nil
    }

    private static func list(_ names: [String]) -> String {
        names.prefix(5).map { "'\(WheelError.excerpt($0))'" }.joined(separator: ", ")
    }

    private static func member(
        _ path: String, root: Scheme, _ dataDirectories: [String], distInfo: String
    ) throws(WheelError) -> Member {
        let parts = path.split(separator: "/", maxSplits: 2)
        guard parts.count > 1, dataDirectories.contains(where: { $0.utf8.elementsEqual(parts[0].utf8) })
        else {
            return Member(path: path, scheme: root, destination: path, role: role(path, distInfo))
        }
        guard parts.count == 3, let scheme = Scheme(rawValue: String(parts[1])) else {
            throw WheelError(
                .member, path,
                "below a .data directory only \(Scheme.allCases.map(\.rawValue).joined(separator: ", ")) may stand"
            )
        }
        return Member(path: path, scheme: scheme, destination: String(parts[2]), role: .content)
    }

    private static func role(_ path: String, _ distInfo: String) -> Role {
        guard !distInfo.isEmpty, path.utf8.starts(with: "\(distInfo)/".utf8) else { return .content }
        switch path.dropFirst(distInfo.count + 1) {
        case "METADATA": return .metadata
        case "WHEEL": return .wheel
        case "RECORD": return .record
        case "RECORD.jws", "RECORD.p7s": return .recordSignature
        case "entry_points.txt": return .entryPoints
        case "INSTALLER", "REQUESTED", "direct_url.json": return .installersOwn
        default: return .content
        }
    }
}
