import Archives
import Digests
import ELF
import Files
import FoundationEssentials
import Glibc

/// Makes a relocatable archive of an interpreter that is installed on this machine.
///
/// The same interpreter on the same machine gives the same bytes each time.
public struct InterpreterCapture {
    private let python: String
    private let environment: [String: String]
    private let probe: InterpreterProbe
    private let program: ELFFile
    private var finder: LibraryFinder
    private var relocation: Relocation
    private var items: [CapturedItem] = []
    private var leftOut: [InterpreterDescription.LeftOut] = []
    private var libraries: [String: LibraryFinder.Library] = [:]
    /// Of all ELF files taken.
    private var taken: [(path: RelativePath, file: ELFFile)] = []

    /// Captures `python` into a new file at `output`, which appears whole or not at all.
    /// - Parameters:
    ///   - python: a path or a name on PATH; the interpreter behind a virtual environment or a version
    ///     manager's shim is the one that is captured.
    ///   - environment: PATH finds `python` and patchelf; shims get all but what changes Python's answer.
    /// - Throws: `InterpreterError`, `FileError`, `ELFError`, `TarError`.
    public static func capture(
        python: String, to output: String,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> CapturedInterpreter {
        let probe = try InterpreterProbe.ask(python, environment: environment)
        guard let patchelf = findProgram("patchelf", path: environment["PATH"]) else {
            throw InterpreterError(python, .toolMissing(program: "patchelf", package: "patchelf"))
        }
        let place = Directory.temporaryPlace(environment["TMPDIR"])
        return try Directory.withTemporary("capture", below: place) { scratch in
            do {
                var capture = try InterpreterCapture(
                    python, probe, environment,
                    Relocation(patchelf: patchelf, directory: scratch.path, environment: environment))
                try capture.collect()
                return try capture.write(to: output)
            } catch let failure as ChildProcess.Failed {
                throw InterpreterError(python, .failed(failure.description))
            }
        }
    }

    private init(
        _ python: String, _ probe: InterpreterProbe, _ environment: [String: String], _ relocation: Relocation
    ) throws {
        self.python = python
        self.probe = probe
        self.environment = environment
        self.relocation = relocation
        do { program = try LibraryFinder.parse(probe.base) } catch let error as ELFError {
            throw InterpreterError(
                python, .unsupported("'\(probe.base)' is not an ELF executable (\(error))"))
        }
        let loaders = [
            "/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1", "/lib64/ld64.so.2", "/lib/ld64.so.1",
        ]
        if let loader = program.interpreter, !loaders.contains(loader) {
            throw InterpreterError(
                python,
                .unsupported(
                    "its loader is '\(loader)', and only glibc's at its usual place is on every target"))
        }
        finder = LibraryFinder(program: probe.base, file: program, cache: LibraryFinder.systemCache())
    }

    private var modificationTime: Int64 { (try? OpenFile.read(probe.base).status().modificationTime) ?? 0 }

    private var shortVersion: String {
        "\(probe.version[0]).\(probe.version[1])\(probe.freeThreaded ? "t" : "")"
    }
    private var executable: String { "bin/python\(shortVersion)" }
    private var standardLibrary: String { "\(probe.platlibdir)/python\(shortVersion)" }
    private let carried = "lib"

    private func platform() throws(InterpreterError) -> String {
        switch program.machine {
        case .amd64 where program.bits == 64: "linux-64"
        case .aarch64: "linux-aarch64"
        case .ppc64: "linux-ppc64le"
        case .s390x: "linux-s390x"
        default: throw InterpreterError(python, .unsupported("no bundle is made for \(program.machine)"))
        }
    }

    // MARK: Collecting

    private mutating func collect() throws {
        do { try take(.file(probe.base, as: executable, executable: true), program) } catch let missing
            as LibraryFinder.Missing
        {
            throw InterpreterError(
                python,
                .failed("its library '\(missing.name)', needed by '\(missing.by)', is not on this machine"))
        }
        let library = try StandardLibrary.collect(probe.standardLibrary, at: standardLibrary)
        leftOut += library.leftOut
        for item in library.items { try takeFile(item) }
        if let modules = probe.extensionModules, !modules.hasPrefix(probe.standardLibrary + "/") {
            for item in try StandardLibrary.collect(modules, at: standardLibrary + "/lib-dynload").items {
                try takeFile(item)
            }
        }
        let modules = try collectOpenSSLModules()
        try collectLibraries()
        items.append(
            CapturedItem(
                path: try RelativePath(standardLibrary + "/sitecustomize.py"),
                content: .bytes(
                    Array(
                        StartupHook.source(
                            certificateFile: probe.certificateFile,
                            certificateDirectory: probe.certificateDirectory, modules: modules
                        ).utf8)),
                permissions: 0o644, modificationTime: modificationTime))
    }

    private mutating func takeFile(_ item: CapturedItem) throws {
        guard case .file(let source) = item.content, item.path.last.hasSuffix(".so") else {
            return items.append(item)
        }
        if let reason = StandardLibrary.reasonToLeaveOut(module: item.path.last) {
            return leftOut.append(.init(name: item.path.string, reason: reason))
        }
        do { try take(item, LibraryFinder.parse(source)) } catch let missing as LibraryFinder.Missing {
            leftOut.append(
                .init(
                    name: item.path.string, reason: "it needs '\(missing.name)', which is not on this machine"
                ))
        }
    }

    /// Takes an ELF file with all libraries that it needs.
    private mutating func take(_ item: CapturedItem, _ file: ELFFile) throws {
        guard case .file(let source) = item.content else { return items.append(item) }
        for (name, library) in try finder.closure(of: source, file) {
            if let other = libraries[name], other.path != library.path {
                throw InterpreterError(
                    python,
                    .failed(
                        "two libraries are called '\(name)': '\(other.path)' and '\(library.path)' (for '\(source)')"
                    ))
            }
            libraries[name] = library
        }
        let needsCarried = file.needed.contains { !HostLibraries.contain($0) }
        var changed = item
        changed.content = .file(
            try relocation.relocate(
                source, file,
                runpath: needsCarried ? Relocation.runpath(from: item.path, to: carried) : nil))
        items.append(changed)
        taken.append((item.path, file))
    }

    private mutating func collectLibraries() throws {
        for (name, library) in libraries.sorted(by: { $0.key < $1.key }) {
            guard !name.contains("/") else {
                throw InterpreterError(python, .failed("it needs the library '\(name)' by its path"))
            }
            try take(.file(library.path, as: "\(carried)/\(name)", executable: false), library.file)
        }
    }

    /// OpenSSL loads these by dlopen.
    /// - Returns: the directory in which OpenSSL was built to look for them; nil where there are none.
    private mutating func collectOpenSSLModules() throws -> String? {
        guard let crypto = libraries.first(where: { $0.key.hasPrefix("libcrypto.so.") })?.value else {
            return nil
        }
        let beside = crypto.path.split(separator: "/").dropLast().joined(separator: "/")
        let compiledIn = try OpenSSLModules.compiledInDirectory(of: crypto.path) ?? "/\(beside)/ossl-modules"
        guard isDirectory(compiledIn) else { return nil }
        var found = false
        for name in try Directory.open(compiledIn).names() where name.hasSuffix(".so") {
            // The FIPS module is only valid with the configuration and self-test of its own installation.
            if name == "fips.so" {
                leftOut.append(
                    .init(
                        name: "\(carried)/ossl-modules/fips.so",
                        reason: "it is valid only where it was installed"))
                continue
            }
            let source = realPath("\(compiledIn)/\(name)") ?? "\(compiledIn)/\(name)"
            try take(
                .file(source, as: "\(carried)/ossl-modules/\(name)", executable: false),
                LibraryFinder.parse(source))
            found = true
        }
        return found ? compiledIn : nil
    }

    // MARK: Describing

    private func describe(_ packages: DistributionPackages) throws -> InterpreterDescription {
        guard let glibc = taken.compactMap(\.file.neededGlibc).max() else {
            throw InterpreterError(python, .unsupported("nothing of it needs glibc"))
        }
        let numbers = probe.version.map(String.init).joined(separator: ".")
        let suffix = ["alpha": "a", "beta": "b", "candidate": "rc"][probe.releaseLevel] ?? ""
        let prefix = probe.basePrefix == "/usr" || probe.basePrefix == "/" ? nil : probe.basePrefix + "/"
        return InterpreterDescription(
            implementation: probe.implementation, version: numbers + suffix,
            abi: "cp\(probe.version[0])\(probe.version[1])\(probe.abiFlags)", cacheTag: probe.cacheTag,
            platform: try platform(), glibc: glibc.description,
            glibcNeededBy: taken.filter { $0.file.neededGlibc == glibc }.map(\.path).sorted().map(\.string),
            libstdcxx: taken.compactMap(\.file.neededLibstdcxx).max()?.description, executable: executable,
            standardLibrary: standardLibrary, sitePackages: "lib/python\(shortVersion)/site-packages",
            libraries: libraries.values.sorted { $0.name < $1.name }.map { library in
                let origin = prefix.flatMap {
                    library.path.hasPrefix($0) ? library.path.dropFirst($0.utf8.count) : nil
                }
                return .init(
                    name: library.name, path: "\(carried)/\(library.name)",
                    origin: origin.map { "{prefix}/\($0)" } ?? library.path,
                    package: packages.owners[library.path].map { "\($0.name) \($0.version)" })
            },
            distribution: packages.owners.isEmpty ? nil : packages.distribution,
            leftOut: leftOut.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) },
            hooks: [standardLibrary + "/sitecustomize.py"])
    }

    // MARK: Writing

    private mutating func write(to output: String) throws -> CapturedInterpreter {
        let packages = DistributionPackages(
            of: [probe.base] + libraries.values.map(\.path).sorted(), environment: environment)
        items += try packages.licences()
        items.sort { $0.path < $1.path }
        let description = try describe(packages)
        items.insert(
            CapturedItem(
                path: try RelativePath(InterpreterDescription.memberName),
                content: .bytes(try description.canonicalJSON()), permissions: 0o644,
                modificationTime: modificationTime), at: 0)

        let temporary = "\(output).\(getpid()).part"
        _ = unlink(temporary)
        let file = try OpenFile.create(temporary)
        do {
            var files: [CapturedInterpreter.File] = []
            let summary = try TarWriter.write(to: file) { writer in
                for item in items { files.append(try Self.add(item, to: &writer)) }
            }
            try file.synchronize()
            try file.close()
            guard rename(temporary, output) == 0 else { throw FileError("put in place", output) }
            return CapturedInterpreter(
                description: description, files: files, size: summary.size, sha256: summary.sha256)
        } catch {
            _ = unlink(temporary)
            throw error
        }
    }

    private static func add(_ item: CapturedItem, to writer: inout TarWriter) throws
        -> CapturedInterpreter.File
    {
        func record(_ size: UInt64, _ digest: SHA256Digest?, _ target: String?) -> CapturedInterpreter.File {
            CapturedInterpreter.File(
                path: item.path.string, size: size, sha256: digest, permissions: item.permissions,
                modificationTime: item.modificationTime, linkTarget: target)
        }
        switch item.content {
        case .file(let source):
            let (size, digest) = try writer.add(
                file: item.path, permissions: item.permissions, modificationTime: item.modificationTime,
                from: OpenFile.read(source))
            return record(size, digest, nil)
        case .bytes(let bytes):
            try writer.add(
                file: item.path, permissions: item.permissions, modificationTime: item.modificationTime,
                bytes: bytes)
            return record(UInt64(bytes.count), SHA256.hash(bytes), nil)
        case .link(let target):
            try writer.add(
                TarEntry(
                    path: item.path, kind: .symbolicLink(target: target), permissions: item.permissions,
                    modificationTime: item.modificationTime))
            return record(0, nil, target)
        }
    }
}
