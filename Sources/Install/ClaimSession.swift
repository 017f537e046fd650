import Archives
import Bundle
import Digests
import Files

/// Goes through everything that an installation brings and notes who brings which path: the same while cutting and
/// while planning, so that both find the same conflicts and the same winners.
struct ClaimSession {
    var claims = PathClaims()
    var wheels: [PackageContents]
    var conda: [CondaContents]
    let overrides: [Manifest.Override]
    /// Paths that each override has decided.
    private var decided: [Int: Set<RelativePath>] = [:]
    private let workspace = InflateWorkspace()

    static let airlift = Claimer("Airlift")

    init(wheels: [PackageContents], conda: [CondaContents], overrides: [Manifest.Override]) {
        self.wheels = wheels
        self.conda = conda
        self.overrides = overrides
    }

    mutating func run(files: [Manifest.File], python: Manifest.Python) throws {
        for file in files { _ = try claim(RelativePath(file.path), Claimer(file.source)) }
        try claimOwn(python)
        for index in conda.indices { try claimConda(index) }
        let activation = try ActivationScriptPaths.choose { path in
            if case .conda? = claims.claim(of: path)?.claimer.part { true } else { false }
        }
        for path in [activation.posix, activation.fish] { _ = try claim(path, Self.airlift) }
        for index in wheels.indices { try claimWheel(index) }
        refuseSecondDistributions()
        claims.overrides = overrides.enumerated().map { index, override in
            guard override.rule == Manifest.Override.clobberRule else { return override }
            var override = override
            override.paths = (decided[index] ?? []).sorted().map(\.string)
            return override
        }
    }

    private mutating func claimOwn(_ python: Manifest.Python) throws {
        if python.source == .conda {
            // Either would make a virtual environment of the prefix, over whatever Python it names.
            for path in ["pyvenv.cfg", "bin/pyvenv.cfg"] {
                _ = try claim(RelativePath(path), Claimer("the interpreter's start"), isWritten: false)
            }
        } else {
            for path in [
                "pyvenv.cfg", "bin/python", "bin/python3", "bin/python\(python.minorVersion)", "lib64",
            ] {
                _ = try claim(RelativePath(path), Claimer("the virtual environment"))
            }
        }
        for path in InstallRecord.occasionalPaths {
            _ = try claim(RelativePath(path), Self.airlift, isWritten: false)
        }
        for path in InstallRecord.ownPaths + (conda.isEmpty ? [] : CondaMeta.ownPaths) {
            _ = try claim(RelativePath(path), Self.airlift)
        }
    }

    private mutating func claimConda(_ index: Int) throws {
        let package = conda[index]
        let claimer = Claimer(package.archive, .conda(index))
        _ = try claim(CondaMeta.recordPath(of: package), claimer)
        for (number, member) in package.members.enumerated() where member.role == .file {
            if member.entry.kind == .directory {
                claims.takeDirectory(member.path, for: claimer)
                continue
            }
            if try !claim(member.path, claimer, Self.content(of: member)) {
                // A loser's role was set already.
                if conda[index].members[number].role == .file { conda[index].members[number].role = .shared }
            }
        }
        for entryPoint in package.entryPoints {
            _ = try claim(RelativePath("bin/\(entryPoint.command)"), claimer)
        }
    }

    private static func content(of member: CondaContents.Member) -> PathClaims.Content {
        guard member.entry.kind == .file, member.entry.placeholder == nil,
            let sha256 = member.entry.sha256, let size = member.entry.size
        else { return .unknown }
        return .digest(sha256, size: size)
    }

    private mutating func claimWheel(_ index: Int) throws {
        let package = wheels[index]
        let claimer = Claimer(package.archive, .wheel(index))
        for entry in package.directory.entries {
            let name = MemberName(entry.name)
            guard let member = package.members[name], let path = member.path else { continue }
            let content = PathClaims.Content.checksum(crc32: entry.crc32, size: entry.size)
            if try !claim(path, claimer, content), wheels[index].members[name]?.path != nil {
                wheels[index].members[name] = .init(
                    path: path, role: .shared, permissions: member.permissions)
            }
        }
        for entryPoint in package.entryPoints {
            _ = try claim(RelativePath("bin/\(entryPoint.name)"), claimer)
        }
        let distInfo = try package.siteRoot.appending(package.distInfo)
        for (name, isWritten) in [
            ("INSTALLER", true), ("RECORD", true), ("REQUESTED", package.archive.requested),
            ("direct_url.json", package.archive.directURL != nil),
        ] {
            _ = try claim(distInfo.appending(name), claimer, isWritten: isWritten)
        }
    }

    /// - Returns: whether the claimer's file is the one that is written.
    private mutating func claim(
        _ path: RelativePath, _ claimer: Claimer, _ content: PathClaims.Content = .unknown,
        isWritten: Bool = true
    ) throws -> Bool {
        guard let earlier = claims.claim(of: path) else {
            return claims.take(path, for: claimer, content, isWritten: isWritten)
        }
        if try areEqual(path, earlier, claimer, content) {
            claims.share(path, with: claimer)
            return false
        }
        let others = [earlier.claimer] + earlier.sharers
        let wins = others.map { override(claimer, over: $0) }
        if !wins.contains(nil) {
            for (index, other) in zip(wins, others) {
                if let index { decided[index, default: []].insert(path) }
                giveWay(other, path)
            }
            claims.replace(path, by: claimer, content)
            return true
        }
        if let index = override(earlier.claimer, over: claimer) {
            decided[index, default: []].insert(path)
            giveWay(claimer, path)
            return false
        }
        claims.note(path, earlier.claimer.owner, claimer)
        return false
    }

    private func override(_ winner: Claimer, over loser: Claimer) -> Int? {
        overrides.firstIndex { override in
            override.rule == Manifest.Override.clobberRule && winner.names.contains(override.subject)
                && override.over.map { loser.names.contains($0) } == true
        }
    }

    /// Whether both bring the very same bytes, so that it does not matter who writes them.
    private func areEqual(
        _ path: RelativePath, _ earlier: PathClaims.Claim, _ claimer: Claimer, _ content: PathClaims.Content
    ) throws -> Bool {
        switch (earlier.content, content) {
        case (.checksum, .checksum), (.digest, .digest): return earlier.content == content
        case (.digest(let digest, let size), .checksum(_, let other)):
            guard size == other, case .wheel(let index) = claimer.part else { return false }
            return try digestOfMember(at: path, in: wheels[index]) == digest
        default: return false
        }
    }

    /// nil where the member is no plain file, or too large to be looked at while planning.
    private func digestOfMember(at path: RelativePath, in wheel: PackageContents) throws -> SHA256Digest? {
        for entry in wheel.directory.entries {
            guard let member = wheel.members[MemberName(entry.name)], member.path == path else { continue }
            guard member.role == .file, entry.size <= 64 << 20 else { return nil }
            return SHA256.hash(
                try wheel.directory.contents(of: entry, in: wheel.region, workspace: workspace))
        }
        return nil
    }

    /// The file of an archive at a path is not installed.
    private mutating func giveWay(_ claimer: Claimer, _ path: RelativePath) {
        switch claimer.part {
        case .other: break
        case .conda(let index):
            for number in conda[index].members.indices where conda[index].members[number].path == path {
                conda[index].members[number].role = .replaced
            }
            conda[index].entryPoints.removeAll { Self.isLauncher($0.command, path) }
        case .wheel(let index):
            for (name, member) in wheels[index].members where member.path == path {
                wheels[index].members[name] = .init(
                    path: nil, role: .replaced, permissions: member.permissions)
            }
            wheels[index].entryPoints.removeAll { Self.isLauncher($0.name, path) }
        }
    }

    private static func isLauncher(_ name: String, _ path: RelativePath) -> Bool {
        path.string.utf8.elementsEqual("bin/\(name)".utf8)
    }

    /// A wheel over a conda package of the same project: neither would know what of it is its own.
    private mutating func refuseSecondDistributions() {
        var owners: [String: (String, String)] = [:]
        for package in conda {
            for distribution in package.provides where owners[distribution.name] == nil {
                owners[distribution.name] = (package.archive.filename, distribution.path)
            }
        }
        for wheel in wheels {
            guard let (owner, path) = owners[wheel.archive.name] else { continue }
            claims.note(
                PathConflict(
                    path: path, first: owner, second: wheel.archive.filename,
                    distribution: wheel.archive.name))
        }
    }
}
