import Archives
import Digests
import Failures
import Fetch
import Files
import Glibc
import Indexes
import Lock

/// A spec and what lies beside it.
struct Project {
    static let specName = "bundle.toml"
    static let lockName = "conda-lock.yml"
    static let captureName = "capture.lock"

    /// The directory of the spec.
    let path: String
    let spec: EnvironmentSpec
    let specBytes: [UInt8]
    /// What stands in for the files beside the spec where it came out of a bundle.
    var carried: Carried?

    /// A bundle carries contents and not the places that they had.
    struct Carried {
        /// Where a file lies now, by the path that the spec has for it.
        let places: [String: String]
        /// Locations of the wheels that were asked for by URL (PEP 610).
        let directReferences: Set<String>
    }

    /// - Parameter name: the directory, or the spec in it.
    static func open(_ name: String) throws -> Project {
        var directory = name
        if name.hasSuffix("/" + specName) { directory = String(name.dropLast(specName.utf8.count + 1)) }
        if name == specName { directory = "." }
        let file = "\(directory)/\(specName)"
        let specPath = try RelativePath(specName)
        let bytes: [UInt8]
        do throws(FileError) { bytes = try Directory.open(directory).contents(of: specPath) } catch {
            guard error.code == ENOENT || error.code == ENOTDIR else { throw error }
            throw CommandError(.usage, "there is no spec '\(file)'; `airlift init \(directory)` writes one")
        }
        return Project(path: directory, spec: try EnvironmentSpec.read(bytes, file: file), specBytes: bytes)
    }

    var specPath: String { "\(path)/\(Self.specName)" }
    var lockPath: String { "\(path)/\(Self.lockName)" }

    /// A path of the spec's, as this process sees it.
    func resolve(_ location: String) -> String {
        if let place = carried?.places[location] { return place }
        if location.hasPrefix("file://") { return String(location.dropFirst(7)) }
        return location.hasPrefix("/") ? location : "\(path)/\(location)"
    }

    /// The location of a file below the spec's directory relative to it: a lock names no machine's paths.
    func shorten(_ location: String) -> String {
        guard let local = try? localPath(of: location), let root = realpath(path, nil) else {
            return location
        }
        defer { free(root) }
        let base = String(cString: root) + "/"
        return local.hasPrefix(base) ? String(local.dropFirst(base.count)) : location
    }

    /// The channels of the spec, the first before the others.
    func channels(fetcher: Fetcher) throws -> CondaChannels {
        let alias = getenv("CONDA_CHANNEL_ALIAS").map { String(cString: $0) }
        var texts = spec.channels
        // Beside a bundle there are no directories, and what others wrote into it gets no variable of this process.
        if carried != nil {
            let isNamed = (spec.channelAlias ?? alias) != nil
            texts.removeAll {
                let isName = isNamed && !$0.contains("/") && $0.first != "."
                return $0.contains("$") || !(FetchStep.isRemote($0) || isName)
            }
        }
        return try CondaChannels(texts, alias: spec.channelAlias ?? alias, base: path, fetcher: fetcher)
    }

    func read(_ location: String) throws -> [UInt8] {
        let file = try OpenFile.read(resolve(location))
        let size = try file.status().size
        guard size <= 64 << 20 else { throw FileError("read", file.path, code: EFBIG) }
        return try file.bytes(at: 0, count: Int(size))
    }

    func inputs() throws -> LockInputs {
        try LockInputs.gather(spec, specFile: specPath) { try read($0) }
    }

    /// Locations of the wheels that are asked for by URL, and not of an index (PEP 610).
    func directReferences() throws -> Set<String> {
        try carried?.directReferences ?? Set(inputs().wheels.filter { !$0.isLocal }.map(\.location))
    }

    /// nil where nothing is locked yet.
    func lockfile() throws -> Lockfile? {
        guard let bytes = try beside(Self.lockName) else { return nil }
        return try Lockfile.read(bytes, file: lockPath)
    }

    func capture() throws -> CaptureLock? {
        guard let bytes = try beside(Self.captureName) else { return nil }
        return try CaptureLock.read(bytes, file: "\(path)/\(Self.captureName)")
    }

    private func beside(_ name: String) throws -> [UInt8]? {
        let directory = try Directory.open(path)
        let file = try RelativePath(name)
        return try directory.status(of: file) == nil ? nil : try directory.contents(of: file)
    }

    /// - Returns: whether the file changed.
    @discardableResult
    func write(_ text: String, to name: String) throws -> Bool {
        guard try beside(name) != Array(text.utf8) else { return false }
        try Directory.open(path).replaceFile(RelativePath(name), with: Array(text.utf8))
        return true
    }
}

/// A command that cannot do what was asked for.
struct CommandError: Failure, Equatable {
    let kind: FailureKind
    let description: String

    init(_ kind: FailureKind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
