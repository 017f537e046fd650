import Bundle
import Files

/// Which paths of a prefix are its state. In a release of a root they are links to the root's state, which do not
/// change; in a prefix of its own, files that may.
struct RecordedState: Sendable {
    private let paths: StatePaths
    private let links: Set<RelativePath>

    init(_ manifest: Manifest, _ list: InstalledFileList) throws {
        paths = try StatePaths(manifest.install.state)
        let state = Set(paths.paths)
        links = Set(
            list.files.lazy.filter { file in
                state.contains(file.path) && file.content == .link(target: StateLinks.target(of: file.path))
            }.map(\.path))
    }

    /// Whether what is at a path may change without being a difference.
    func mayChange(_ path: RelativePath) -> Bool { paths.contains(path) && !links.contains(path) }

    /// Whether a path is the link of a release to the root's state.
    func isLink(_ path: RelativePath) -> Bool { links.contains(path) }

    /// Whether a package's record speaks of a path that is kept somewhere else, or may be anything.
    func isState(_ path: RelativePath) -> Bool { paths.contains(path) }

    /// The path by which packages know a file: what a bundle brings for the state of a root is kept apart.
    static func original(of path: RelativePath) -> RelativePath {
        let mark = "\(StateLinks.pristinePath)/"
        guard path.string.utf8.starts(with: mark.utf8),
            let original = try? RelativePath(String(path.string.dropFirst(mark.count)))
        else { return path }
        return original
    }
}
