import Files
import Synchronization

/// Which files of a tree are written, where not all are.
final class TreeSelection: Sendable {
    private let wanted: @Sendable (RelativePath) -> Bool
    private let links = Mutex<[RelativePath: RelativePath]>([:])

    init(_ isWanted: @escaping @Sendable (RelativePath) -> Bool) { wanted = isWanted }

    static let nothing = TreeSelection { _ in false }

    func isWanted(_ path: RelativePath) -> Bool { wanted(path) }

    func note(_ path: RelativePath, linkedTo original: RelativePath) {
        links.withLock { $0[path] = original }
    }

    /// Files that become a second name of another one, written or not, with that.
    var hardLinks: [RelativePath: RelativePath] { links.withLock { $0 } }
}
