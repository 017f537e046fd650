import Bundle
import Failures
import Files
import Glibc
import Install
import TestSupport
import Testing

/// A directory that holds one prefix and nothing else, and bundles to land there.
struct Landing: Sendable {
    let scratch = TemporaryDirectory()
    let place: TemporaryDirectory
    /// Where the prefix is to be.
    let parent: String
    let prefix: String
    let site = HostPython.site

    init(_ name: String = "env", below directory: String? = nil) {
        let holder = TemporaryDirectory()
        place = holder
        let parent = directory.map { "\(holder.path)/\($0)" } ?? holder.path
        self.parent = parent
        prefix = "\(parent)/\(name)"
    }

    /// Over the host's interpreter, with the two wheels of a `BundleBuilder` unless it is changed.
    func bundle(
        below directory: String? = nil, bytecode: Manifest.Install.Bytecode = .none,
        _ change: (inout BundleBuilder) -> Void = { _ in }
    ) throws -> BundleReader {
        var builder = BundleBuilder()
        change(&builder)
        let edit = builder.editManifest
        builder.editManifest = { manifest in
            manifest.python = HostPython.manifest
            manifest.install.bytecode = bytecode
            manifest.target.glibc = nil
            edit(&manifest)
            if let id = try? EnvironmentIdentity.digest(
                archives: manifest.archives, files: manifest.files, python: manifest.python,
                install: manifest.install)
            {
                manifest.environment = id
            }
        }
        return try BundleReader.open(
            builder.write(to: scratch, below: directory ?? "out\(UInt64.random(in: 0 ... .max))").path)
    }

    func bundle(
        of wheels: [WheelBuilder], below directory: String? = nil,
        bytecode: Manifest.Install.Bytecode = .none
    ) throws -> BundleReader {
        try bundle(below: directory, bytecode: bytecode) { $0.wheels = wheels }
    }

    func request(_ change: (inout InstallRequest) -> Void = { _ in }) -> InstallRequest {
        var request = InstallRequest(prefix: prefix, now: "2026-11-21T12:00:00Z")
        request.python = HostPython.path
        request.synchronize = false
        change(&request)
        return request
    }

    @discardableResult
    func install(
        _ bundle: BundleReader, _ change: (inout InstallRequest) -> Void = { _ in }
    ) throws -> InstallOutcome {
        try InstallPlan.make(bundle, request(change)).apply()
    }

    @discardableResult
    func install(
        _ wheels: [WheelBuilder], bytecode: Manifest.Install.Bytecode = .none,
        _ change: (inout InstallRequest) -> Void = { _ in }
    ) throws -> InstallOutcome {
        try install(bundle(of: wheels, bytecode: bytecode), change)
    }

    /// What lies beside the prefix, the prefix included.
    var neighbours: [String] {
        get throws { try Directory.open(parent).names() }
    }

    /// Every path below the place with kind, permissions, size, inode and link target: equal before and after
    /// where nothing was touched.
    func snapshot() throws -> [String] {
        let root = try place.directory()
        var lines: [String] = []
        try root.walk { path, status in
            let target = status.kind == .symbolicLink ? try root.symbolicLinkTarget(path) : ""
            lines.append(
                "\(path) \(status.kind) \(status.permissions) \(status.inode) \(status.modificationTime) \(status.kind == .file ? status.size : 0) \(target)"
            )
        }
        return lines
    }

    func directory() throws -> Directory { try Directory.open(prefix) }
    func status(_ path: String) throws -> FileStatus? { try directory().status(of: RelativePath(path)) }
    func bytes(_ path: String) throws -> [UInt8] { try directory().contents(of: RelativePath(path)) }
    func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

    /// Writes into the prefix, replacing what is there.
    func put(_ path: String, _ text: String, permissions: UInt32 = 0o644) throws {
        let relative = try RelativePath(path)
        if let holder = relative.parent { _ = try directory().createDirectories(holder) }
        try directory().replaceFile(
            relative, with: Array(text.utf8), permissions: permissions, durable: false)
    }

    /// The record's list of files, by path.
    func recorded() throws -> [String: InstalledFile] {
        let record = try InstallRecord.read(directory())
        let files = try record?.fileList(directory()).files ?? []
        return Dictionary(uniqueKeysWithValues: files.map { ($0.path.string, $0) })
    }

    func record() throws -> InstallRecord? { try InstallRecord.read(directory()) }

    /// Runs a program of the environment with nothing in its surroundings.
    func run(_ program: String, _ arguments: [String] = []) throws -> Ran {
        try InstallTests.run(["\(prefix)/\(program)"] + arguments, in: "/")
    }

    func python(_ code: String, _ options: [String] = []) throws -> Ran {
        try run("bin/python", options + ["-c", code])
    }
}

let isRoot = geteuid() == 0

/// Whether this process may mount; found by doing it.
let canMountHere: Bool = {
    guard isRoot else { return false }
    let place = TemporaryDirectory()
    guard (try? run(["mount", "-t", "tmpfs", "none", place.path], in: "/").code) == 0 else { return false }
    _ = try? run(["umount", place.path], in: "/")
    return true
}()

/// A small file system at a directory for as long as `body` runs.
/// - Parameter moved: where it may be by then, when a directory above it was renamed.
func mounted(
    at path: String, _ options: String = "size=8m", moved: String? = nil, _ body: () throws -> Void
) throws {
    let ran = try run(["mount", "-t", "tmpfs", "-o", options, "none", path], in: "/")
    if ran.code != 0 { throw MountError(description: ran.errors) }
    defer {
        for place in [moved, path].compactMap({ $0 }) { _ = try? run(["umount", "-l", place], in: "/") }
    }
    try body()
}

struct MountError: Error, CustomStringConvertible { let description: String }

/// One case of a table, named in the report by its first words.
struct Case<Value: Sendable>: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let value: Value

    init(_ description: String, _ value: Value) {
        testDescription = description
        self.value = value
    }
}
