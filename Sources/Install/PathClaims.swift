import Archives
import Files

/// Which archive brings which path. Two archives may bring the same path only where the contents are equal.
public struct PathClaims: Sendable {
    struct Claim: Sendable {
        let owner: String
        /// CRC-32 and size, where they are known before unpacking.
        let content: (UInt32, UInt64)?
    }

    private var claims: [RelativePath: Claim] = [:]
    /// Every directory that a claimed path needs, with one of those who need it.
    private var directories: [RelativePath: String] = [:]
    private var folded: [String: String] = [:]
    private var reserved = 0
    public private(set) var conflicts: [PathConflict] = []
    /// Pairs of paths that a file system which folds case cannot hold.
    public private(set) var caseCollisions: [(String, String)] = []

    public init() {}

    /// - Parameter isWritten: false keeps others from the path at which nothing is going to be.
    /// - Returns: whether the claim is new; a false one is equal to an earlier one, or was noted as a conflict.
    public mutating func claim(
        _ path: RelativePath, by owner: String, content: (UInt32, UInt64)?, isWritten: Bool = true
    ) -> Bool {
        if let earlier = claims[path] {
            let equal = content.map { content in earlier.content.map { $0 == content } ?? false } ?? false
            if !equal {
                conflicts.append(PathConflict(path: path.string, first: earlier.owner, second: owner))
            }
            return false
        }
        if let needer = directories[path] {
            conflicts.append(PathConflict(path: path.string, first: needer, second: owner))
            return false
        }
        claims[path] = Claim(owner: owner, content: content)
        if !isWritten { reserved += 1 }
        let lower = path.string.lowercased()
        if let other = folded[lower] {
            caseCollisions.append((other, path.string))
        } else {
            folded[lower] = path.string
        }
        var parent = path.parent
        while let directory = parent, directories[directory] == nil {
            if let file = claims[directory] {
                conflicts.append(PathConflict(path: directory.string, first: file.owner, second: owner))
            }
            directories[directory] = owner
            parent = directory.parent
        }
        return true
    }

    /// Files that are going to be written.
    public var pathCount: Int { claims.count - reserved }
    public var directoryCount: Int { directories.count }
    /// Bytes of the longest claimed path.
    public var longestPath: Int { claims.keys.lazy.map(\.string.utf8.count).max() ?? 0 }
}

/// Two archives that claim one path with different contents, or one as a file and one as a directory.
public struct PathConflict: Hashable, Sendable, CustomStringConvertible {
    public let path: String
    public let first: String
    public let second: String

    public var description: String {
        "'\(path)' is brought by both \(first) and \(second), with different contents"
    }
}
