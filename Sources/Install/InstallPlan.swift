import Archives
import Bundle
import Failures
import Files
import Wheels
import Workers

/// Everything that an installation is going to do, computed before the first write.
public struct InstallPlan: Sendable {
    public let bundle: BundleReader
    public let request: InstallRequest
    public let existing: ExistingPrefix
    public let requirements: [RequirementCheck]
    public let claims: PathClaims
    let packages: [PackageContents]
    let conda: [CondaContents]
    let hostInterpreter: HostInterpreter?
    /// What conda packages want run, and what becomes of it.
    public let linkScripts: [LinkScript]
    /// Who signed the bundle, and whom the environment is to remember.
    public let trust: JudgedTrust
    /// False when the same environment is there already.
    public let isNeeded: Bool

    /// - Throws: `TrustError` before anything but the manifest was read, where signatures are asked for and do not
    ///   suffice.
    public static func make(
        _ bundle: BundleReader, _ request: InstallRequest, host: HostDescription = .current()
    ) throws -> InstallPlan {
        let manifest = bundle.manifest
        let request = try request.placed(manifest)
        try request.admitToRoot(manifest)
        let trust = try request.trust.judge(bundle, at: request.trustPlace, now: request.now)
        let linkScripts = try LinkScript.all(of: manifest, request.effectiveLinkScripts)
        let wheels = manifest.archives.filter { $0.kind == .wheel }
        var packages = try parallelMap(wheels, jobs: request.jobs, workspace: { InflateWorkspace() }) {
            workspace, archive in
            try PackageContents.read(
                archive, in: bundle.region(of: archive.path), python: manifest.python,
                workspace: workspace)
        }
        var conda = try readConda(bundle, request)
        let claims = try claim(
            wheels: &packages, conda: &conda, files: manifest.files, python: manifest.python,
            overrides: manifest.overrides)
        try checkOverrides(claims, manifest)
        let existing = try ExistingPrefix.examine(request.place)
        let needs = HostRequirements(
            manifest: manifest, request: request, host: host, claims: claims, conda: conda,
            shared: SharingForecast.make(request, manifest) ?? SharingForecast())
        var requirements = try needs.checks()
        let isNeeded = try existing.admit(request, bundle)
        if isNeeded, let writable = try needs.writable() { requirements.append(writable) }
        let met = requirements.allSatisfy(\.met)
        return InstallPlan(
            bundle: bundle, request: request, existing: existing, requirements: requirements, claims: claims,
            packages: packages, conda: conda,
            hostInterpreter: manifest.python.source == .host && isNeeded && met
                ? try HostInterpreter.find(manifest.python, named: request.python) : nil,
            linkScripts: linkScripts, trust: trust, isNeeded: isNeeded)
    }

    /// Everything that stands in the way, together.
    public func check() throws {
        var failures: [any Failure] = requirements.filter { !$0.met }.map(\.failure)
        failures += claims.conflicts.map { InstallError(.refused, $0.description) }
        if let failure = linkScriptFault { failures.append(failure) }
        guard failures.isEmpty else { throw FailureList(failures) }
    }
}

extension InstallRequest {
    /// The prefix in its one spelling: no trailing or doubled slashes, nothing that scripts cannot name.
    func judged(longestPath: Int) throws -> InstallRequest {
        var request = self
        request.prefix = try Self.spelled(prefix)
        request.destination = try destination.flatMap { try Self.spelledDestination($0) }
        return request
    }

    static func spelled(_ prefix: String) throws -> String {
        guard prefix.utf8.first == 0x2f else {
            throw InstallError(.usage, "the prefix '\(prefix)' is refused: it must be absolute")
        }
        let components = prefix.utf8.split(separator: 0x2f).map { Substring($0) }
        guard !components.isEmpty, !components.contains("."), !components.contains("..") else {
            throw InstallError(
                .usage, "the prefix '\(prefix)' is refused: it must name a directory, without '.' and '..'")
        }
        guard
            !prefix.utf8.contains(where: {
                $0 < 0x20 || $0 == 0x7f || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "\"")
            })
        else {
            throw InstallError(
                .usage,
                "the prefix '\(prefix)' is refused: ':' separates the directories of PATH, and '\"' and control characters cannot stand in scripts"
            )
        }
        return "/" + components.joined(separator: "/")
    }
}
