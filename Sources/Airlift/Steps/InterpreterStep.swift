import Bundle
import Console
import Digests
import Fetch
import Files
import Glibc
import Interpreters
import Lock
import Resolve

/// A base interpreter that is ready to be locked against and carried.
struct PreparedInterpreter {
    struct Carried {
        let archive: Manifest.Archive
        /// Where it lies in the store.
        let path: String
    }

    let python: Manifest.Python
    /// The C library that it needs; nil for the host's own.
    let glibc: GlibcVersion?
    let source: Lockfile.Interpreter
    let archive: Carried?
    /// As they will lie in the prefix.
    let files: [Manifest.File]
    /// What its archive says of itself; nil where none is carried as one.
    var description: InterpreterDescription?

    /// What wheels are chosen for.
    func target(_ spec: EnvironmentSpec, platform: String) -> TargetDescription {
        TargetDescription(
            platform: platform, python: source == .host ? python.version + ".0" : python.version,
            abi: python.abi,
            glibc: max(spec.glibc, glibc ?? spec.glibc))
    }
}

extension PreparedInterpreter {
    /// It is carried as one of the conda packages.
    init(_ conda: CondaPython) {
        self.init(
            python: .init(
                source: .conda, implementation: "cpython", version: conda.version, abi: conda.abi,
                cacheTag: conda.cacheTag, executable: conda.executable, sitePackages: conda.sitePackages),
            glibc: nil, source: .conda, archive: nil, files: [])
    }
}

/// EnvironmentSpec → the base interpreter: captured, fetched, or left to the host.
struct InterpreterStep {
    let project: Project
    let fetcher: Fetcher
    let output: OutputOptions

    /// - Parameters:
    ///   - recapture: capture anew even where `capture.lock` names an archive that is in the store.
    ///   - conda: the Python among the conda packages, where there is one.
    func run(platform: String, recapture: Bool, conda: CondaPython?) throws -> PreparedInterpreter {
        switch project.spec.interpreter {
        case .host(let minor): return host(minor)
        case .capture(let executable):
            return try capture(executable, platform: platform, recapture: recapture)
        case .archive(let location, let digest): return try archive(location, digest, platform: platform)
        case .conda:
            guard let conda else {
                throw CommandError(
                    .refused,
                    "no package 'python' is among the conda packages of '\(project.specPath)': pin it, or take another [python]"
                )
            }
            return PreparedInterpreter(conda)
        }
    }

    private func host(_ minor: String) -> PreparedInterpreter {
        let digits = minor.split(separator: ".").joined()
        return PreparedInterpreter(
            python: .init(
                source: .host, implementation: "cpython", version: minor, abi: "cp\(digits)",
                cacheTag: "cpython-\(digits)", executable: nil,
                sitePackages: "lib/python\(minor)/site-packages"),
            glibc: nil, source: .host, archive: nil, files: [])
    }

    private func capture(_ executable: String, platform: String, recapture: Bool) throws
        -> PreparedInterpreter
    {
        // An archive that this version cannot read was made by another one, and is made anew.
        if !recapture, let lock = try project.capture(), lock.executable == executable,
            try fetcher.store.contains(lock.sha256, size: lock.size),
            let captured = try? InterpreterArchive.read(fetcher.store.path(of: lock.sha256))
        {
            return try prepared(
                captured, filename: lock.filename, source: .capture, url: nil, platform: platform)
        }
        output.announce("Capturing \(executable)")
        let temporary = fetcher.store.path + "/capture.\(getpid()).tar.zst"
        defer { unlink(temporary) }
        let captured = try InterpreterCapture.capture(python: executable, to: temporary)
        let filename = Self.filename(captured.description)
        try fetcher.store.adopt(temporary, expected: captured.sha256, size: captured.size, label: filename)
        let description = String(
            decoding: try CanonicalJSON.encode(captured.description).dropLast(), as: UTF8.self)
        try project.write(
            CaptureLock(
                executable: executable, filename: filename, sha256: captured.sha256, size: captured.size,
                description: description
            ).text, to: Project.captureName)
        let interpreter = try prepared(
            captured, filename: filename, source: .capture, url: nil, platform: platform)
        report(captured.description)
        return interpreter
    }

    /// One that was captured elsewhere, and whose archive is in the store.
    func carried(_ archive: Manifest.Archive, platform: String) throws -> PreparedInterpreter {
        try prepared(
            InterpreterArchive.read(fetcher.store.path(of: archive.sha256)), filename: archive.filename,
            source: .capture, url: nil, platform: platform)
    }

    private func archive(_ location: String, _ digest: SHA256Digest, platform: String) throws
        -> PreparedInterpreter
    {
        let locked = LockedArchive(
            kind: .python, name: "cpython", version: "", location: location, sha256: digest, requested: true)
        let result = try FetchStep(project: project, fetcher: fetcher, quiet: output.quiet).run([locked])[0]
        let captured = try InterpreterArchive.read(result.path)
        return try prepared(
            captured, filename: locked.filename, source: .archive, url: location, platform: platform)
    }

    private static func filename(_ description: InterpreterDescription) -> String {
        "\(description.implementation)-\(description.version)-\(description.platform).tar.zst"
    }

    private func report(_ description: InterpreterDescription) {
        if let needed = GlibcVersion(description.glibc), needed > project.spec.glibc {
            output.notice(
                "the captured Python \(description.version) needs glibc \(needed), more than the spec's \(project.spec.glibc): this bundle will not run on older systems"
            )
        }
        for module in description.missingModules {
            output.notice("left out of the interpreter: \(module.name) (\(module.reason))")
        }
    }

    private func prepared(
        _ captured: CapturedInterpreter, filename: String, source: Lockfile.Interpreter, url: String?,
        platform: String
    ) throws -> PreparedInterpreter {
        let description = captured.description
        guard description.platform == platform else {
            throw CommandError(
                .refused,
                "the interpreter is for \(description.platform), and the spec wants \(platform): lock and cut that platform on a machine of its kind, or give [python] archive"
            )
        }
        let path = "archives/python/\(filename)"
        let files = captured.files.filter { $0.path != InterpreterDescription.memberName }.map { file in
            Manifest.File(
                path: "base/\(file.path)", source: path, size: file.size, sha256: file.sha256,
                mode: Self.octal(file.permissions), link: file.linkTarget)
        }
        let archive = Manifest.Archive(
            kind: .python, name: description.implementation, version: description.version, filename: filename,
            path: path, url: url, size: captured.size, sha256: captured.sha256, crc32: "00000000",
            license: "PSF-2.0",
            requested: true, depends: [],
            installed: .init(files: files.count, bytes: files.reduce(0) { $0 + $1.size }),
            hooks: description.hooks.map { "base/\($0)" })
        return PreparedInterpreter(
            python: .init(
                source: source == .capture ? .capture : .archive, implementation: description.implementation,
                version: description.version, abi: description.abi, cacheTag: description.cacheTag,
                executable: "base/\(description.executable)", sitePackages: description.sitePackages),
            glibc: GlibcVersion(description.glibc), source: source,
            archive: .init(archive: archive, path: fetcher.store.path(of: captured.sha256)), files: files,
            description: description)
    }

    private static func octal(_ mode: UInt32) -> String {
        let digits = String(mode & 0o777, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

extension InterpreterDescription {
    /// Extension modules that somebody might miss: not those that only serve Python's own tests.
    var missingModules: [LeftOut] {
        leftOut.filter { $0.name.hasSuffix(".so") && !$0.reason.contains("Python's own tests") }
    }
}
