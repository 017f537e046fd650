import ArgumentParser
import Bundle
import Console
import Digests
import Failures
import Fetch
import Files
import Glibc
import Lock

struct CutCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cut", abstract: "Write one self-installing file with everything in it.",
        discussion: """
            Examples:
              airlift cut bundles/payroll                    into bundles/payroll/dist
              airlift cut bundles/payroll --output /srv/out --calver 2026.11.21
              airlift cut --locked --offline bundles/payroll exactly the lock, no network
              airlift cut bundles/payroll --sign ~/.ssh/id_ed25519

            What is missing of lock and archives is made and fetched first. The same lock,
            version and installer give the same bytes on any machine.
            """)

    @OptionGroup var source: ProjectArgument
    @OptionGroup var network: NetworkOptions
    @OptionGroup var output: OutputOptions

    @Option(
        name: .customLong("output"), help: "The directory for the bundle (default: dist beside the spec).",
        completion: .directory)
    var destination: String?

    @Option(
        help:
            "The version of this cut (default: from the spec's pattern and today's date in UTC; SOURCE_DATE_EPOCH sets the day)."
    )
    var calver: String?

    @Option(help: "The integer that orders cuts (default: from the version).")
    var serial: Int?

    @Flag(help: "Refuse to change the lock: exit code 1 when it does not match the spec.")
    var locked = false

    @Option(help: "The platform to cut (default: the spec's, where it has one).")
    var platform: String?

    @Flag(help: "Replace another bundle of the same version.")
    var replace = false

    @Option(
        help: "A TOML file with a policy that holds beside the spec's own.",
        completion: .file(extensions: ["toml"]))
    var policy: String?

    @Flag(help: "Cut what violates the policy all the same, and say so in the manifest.")
    var reportOnly = false

    @Option(help: "The static installer to embed (default: found beside airlift).", completion: .file())
    var installer: String?

    @Option(
        help: ArgumentHelp(
            "Sign the bundle with this key, as `airlift sign` does; may be repeated.", valueName: "key"),
        completion: .file())
    var sign: [String] = []

    func run() throws {
        // Before minutes of work.
        try sign.forEach(SigningStep.checkKey)
        let project = try source.open()
        let policies = try PolicyStep(project, file: policy, reportsOnly: reportOnly, output: output)
        let fetcher = try network.fetcher(for: project)
        let platform = try choosePlatform(project.spec)
        let (lockfile, interpreter) = try lockedState(project, fetcher, platform)
        guard let entry = lockfile[platform: platform] else {
            throw CommandError(
                .usage,
                "the lock has no platform '\(platform)'; it has \(lockfile.platforms.map(\.name).joined(separator: ", "))"
            )
        }
        let installerBytes = try InstallerFile.read(installer, platform: platform)
        let fetched = try FetchStep(project: project, fetcher: fetcher, quiet: output.quiet)
            .run(entry.archives.filter { $0.kind != .python })
        let path = destination ?? "\(project.path)/dist"
        let version = try chooseVersion(project.spec, platform, path)
        guard let serial = serial ?? Serial.derived(from: version) else {
            throw ValidationError(
                "no order follows from the version '\(version)'; give it with --serial NUMBER")
        }
        let step = CutStep(
            project: project, platform: entry, lockBytes: Array(lockfile.text.utf8), interpreter: interpreter,
            fetched: fetched, store: fetcher.store, version: version, serial: serial,
            installer: installerBytes, output: output
        ) { try policies.judge($0, entries: $1, on: Clock.today) }
        let (written, directory) = try step.run(into: path, replace: replace)
        let plain = try RelativePath("airlift-installer-\(platform)")
        if try !Self.holds(directory, plain, installerBytes) {
            try directory.replaceFile(plain, with: installerBytes, permissions: 0o755)
        }
        let signed =
            sign.isEmpty
            ? nil
            : try SigningStep.sign(
                written.path, digest: written.digest, with: sign, quiet: output.quiet)
        try policies.checkSigners(of: written.path, isSigned: !sign.isEmpty)
        try report(
            written, signed, plain: "\(path)/\(plain)",
            archives: entry.archives.count + (interpreter.archive == nil ? 0 : 1), version: version,
            serial: serial)
    }

    private static func holds(_ directory: Directory, _ path: RelativePath, _ bytes: [UInt8]) throws -> Bool {
        guard let status = try directory.status(of: path), status.size == UInt64(bytes.count) else {
            return false
        }
        return try directory.contents(of: path, limit: 1 << 30) == bytes
    }

    private func choosePlatform(_ spec: EnvironmentSpec) throws -> String {
        if let platform {
            guard spec.platforms.contains(platform) else {
                throw ValidationError(
                    "the spec has no platform '\(platform)'; it has \(spec.platforms.joined(separator: ", "))"
                )
            }
            return platform
        }
        guard spec.platforms.count == 1 else {
            throw ValidationError(
                "the spec has several platforms; name one with --platform: \(spec.platforms.joined(separator: ", "))"
            )
        }
        return spec.platforms[0]
    }

    /// The lock as it is where it still fits the spec, else a new one.
    private func lockedState(
        _ project: Project, _ fetcher: Fetcher, _ platform: String
    ) throws -> (Lockfile, PreparedInterpreter) {
        let unsupported = project.spec.unsupported(file: project.specPath)
        guard unsupported.isEmpty else { throw FailureList(unsupported) }
        let step = LockStep(project: project, fetcher: fetcher, output: output)
        if let existing = try project.lockfile(), let entry = existing[platform: platform] {
            let inputs = try project.inputs()
            let local = try step.adoptLocalWheels(inputs)
            let hash = inputs.contentHash(
                of: project.spec, platform: platform, localWheels: local.mapValues(\.sha256))
            if hash == entry.contentHash {
                let interpreter = try InterpreterStep(project: project, fetcher: fetcher, output: output)
                    .run(
                        platform: platform, recapture: false,
                        conda: try CondaPythonStep(project: project, fetcher: fetcher, output: output)
                            .run(entry))
                if interpreter.target(project.spec, platform: platform) == entry.target {
                    return (existing, interpreter)
                }
                if locked {
                    throw CommandError(
                        .difference,
                        "'\(project.lockPath)' was made for Python \(entry.target.python) and glibc \(entry.target.glibc), and this machine's interpreter is \(interpreter.python.version); run: airlift lock \(project.path)"
                    )
                }
            }
        }
        guard !locked else {
            throw CommandError(
                .difference,
                "'\(project.lockPath)' is missing or does not match the spec; run: airlift lock \(project.path)"
            )
        }
        let result = try step.run(recapture: false)
        try project.write(result.lockfile.text, to: Project.lockName)
        guard let interpreter = result.interpreters[platform] else {
            throw CommandError(.fault, "'\(platform)' was locked without an interpreter")
        }
        return (result.lockfile, interpreter)
    }

    /// The version that was named, or the pattern's for today; MICRO counts up past the bundles that are there.
    private func chooseVersion(_ spec: EnvironmentSpec, _ platform: String, _ path: String) throws
        -> String
    {
        if let calver {
            guard Names.isVersion(calver) else {
                throw ValidationError("'\(calver)' is no version: use letters, digits, '.', '-', '_' and '+'")
            }
            return calver
        }
        let pattern = try CalVerPattern(spec.calver)
        let today = Clock.today
        guard pattern.countsCuts else { return pattern.version(on: today) }
        let names = access(path, F_OK) == 0 ? Set(try Directory.open(path).names()) : []
        return (0...).lazy.map { pattern.version(on: today, micro: $0) }
            .first { !names.contains("\(spec.name)-\($0)-\(platform).sh") }!
    }

    private func report(
        _ written: WrittenBundle, _ signed: SignedBundle?, plain: String, archives: Int, version: String,
        serial: Int
    ) throws {
        try output.document(
            "cut",
            Document(
                archives: archives, bundle: written.path, digest: written.digest.hex,
                installer: plain, serial: serial, signatures: signed?.signatures.map(\.path),
                size: signed?.size ?? written.size, unchanged: written.unchanged, version: version))
        output.tell(
            """
            \(written.unchanged ? "Unchanged" : "Cut") \(Style.bold(written.path)): \(archives) archives, \(ByteCount.text(written.size)).
            Bundle digest \(written.digest)
            """)
        if let signed {
            output.tell(
                "Signed: \(signed.signatures.count) \(signed.signatures.count == 1 ? "signature" : "signatures") in it."
            )
        }
    }

    private struct Document: Encodable {
        let archives: Int
        let bundle: String
        let digest: String
        let installer: String
        let serial: Int
        let signatures: [String]?
        let size: UInt64
        let unchanged: Bool
        let version: String
    }
}
