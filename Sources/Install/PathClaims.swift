import Bundle
import Digests
import Files

/// Which archive brings which path. Two archives may bring the same path only where the contents are equal.
public struct PathClaims: Sendable {
    /// What is known of a file before anything is unpacked.
    enum Content: Hashable, Sendable {
        /// Made or changed while installing: never equal to another.
        case unknown
        /// Of a wheel's member.
        case checksum(crc32: UInt32, size: UInt64)
        /// Of a conda package's, without a placeholder in it.
        case digest(SHA256Digest, size: UInt64)
    }

    struct Claim: Sendable {
        var claimer: Claimer
        var content: Content
        /// Others that bring the same file.
        var sharers: [Claimer] = []
    }

    private var claims: [RelativePath: Claim] = [:]
    /// Every directory that a claimed path needs, with one of those who need it.
    private var directories: [RelativePath: String] = [:]
    private var folded: [String: String] = [:]
    private var reserved = 0
    public private(set) var conflicts: [PathConflict] = []
    /// Pairs of paths that a file system which folds case cannot hold.
    public private(set) var caseCollisions: [(String, String)] = []
    /// The overrides that the claims were made with, those of the rule `clobber` with the paths they decided.
    public internal(set) var overrides: [Manifest.Override] = []

    public init() {}

    func claim(of path: RelativePath) -> Claim? { claims[path] }

    /// The archive or part of the installation that a path belongs to.
    public func owner(of path: RelativePath) -> String? { claims[path]?.claimer.owner }

    /// Takes a path that nobody has yet.
    /// - Parameter isWritten: false keeps others from the path at which nothing is going to be.
    /// - Returns: false where a conflict with a directory was noted.
    mutating func take(
        _ path: RelativePath, for claimer: Claimer, _ content: Content, isWritten: Bool = true
    ) -> Bool {
        if let needer = directories[path] {
            note(path, needer, claimer)
            return false
        }
        claims[path] = Claim(claimer: claimer, content: content)
        if !isWritten { reserved += 1 }
        let lower = path.string.lowercased()
        if let other = folded[lower] {
            caseCollisions.append((other, path.string))
        } else {
            folded[lower] = path.string
        }
        takeDirectories(from: path.parent, for: claimer)
        return true
    }

    /// Takes a directory that is there without any file in it.
    mutating func takeDirectory(_ path: RelativePath, for claimer: Claimer) {
        takeDirectories(from: path, for: claimer)
    }

    private mutating func takeDirectories(from path: RelativePath?, for claimer: Claimer) {
        var next = path
        while let directory = next, directories[directory] == nil {
            if let file = claims[directory] { note(directory, file.claimer.owner, claimer) }
            directories[directory] = claimer.owner
            next = directory.parent
        }
    }

    mutating func share(_ path: RelativePath, with claimer: Claimer) { claims[path]?.sharers.append(claimer) }

    /// The path's file is another one from here on.
    mutating func replace(_ path: RelativePath, by claimer: Claimer, _ content: Content) {
        claims[path] = Claim(claimer: claimer, content: content)
    }

    mutating func note(_ path: RelativePath, _ first: String, _ second: Claimer) {
        conflicts.append(PathConflict(path: path.string, first: first, second: second.owner))
    }

    mutating func note(_ conflict: PathConflict) { conflicts.append(conflict) }

    /// Files that are going to be written.
    public var pathCount: Int { claims.count - reserved }
    public var directoryCount: Int { directories.count }
    /// Files that Python may compile.
    var sourceCount: Int { claims.keys.count { $0.string.utf8.suffix(3).elementsEqual(".py".utf8) } }
    /// Bytes of the longest claimed path.
    public var longestPath: Int {
        max(
            claims.keys.lazy.map(\.string.utf8.count).max() ?? 0,
            directories.keys.lazy.map(\.string.utf8.count).max() ?? 0)
    }
}

/// Who claims a path.
struct Claimer: Hashable, Sendable {
    enum Part: Hashable, Sendable {
        case wheel(Int)
        case conda(Int)
        /// The installer itself, an interpreter's archive, or the application's own files.
        case other
    }

    let part: Part
    /// For sentences.
    let owner: String
    /// By which an override speaks of it.
    let names: [String]

    init(_ archive: Manifest.Archive, _ part: Part) {
        self.part = part
        owner = archive.filename
        names = [archive.name, archive.filename]
    }

    init(_ owner: String) {
        part = .other
        self.owner = owner
        names = []
    }
}
