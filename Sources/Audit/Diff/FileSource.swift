import Archives
import Bundle
import Digests

/// Where the files of one side's packages are read.
public enum FileSource: Sendable {
    case bundle(BundleReader)
    case prefix(InstalledFiles, Manifest)
    /// Nowhere, for a reason in words.
    case none(reason: String)

    var manifest: Manifest? {
        switch self {
        case .bundle(let bundle): bundle.manifest
        case .prefix(_, let manifest): manifest
        case .none: nil
        }
    }

    /// Why nothing can be read.
    var reason: String? { if case .none(let reason) = self { reason } else { nil } }

    /// One side of a package's comparison.
    func side(_ archive: Manifest.Archive, _ workspace: InflateWorkspace) throws -> FilesDiff.Side {
        switch self {
        case .bundle(let bundle):
            .init(
                try PackageFiles.read(archive, from: bundle, workspace: workspace),
                python: bundle.manifest.python)
        case .prefix(let files, let manifest):
            .init(try files.files(of: archive), python: manifest.python, isInstalled: true)
        case .none: .nothing
        }
    }

    /// The application's own files; nil where they are not at hand.
    func application() throws -> FilesDiff.Side? {
        switch self {
        case .bundle(let bundle):
            .init(try PackageFiles.application(of: bundle), python: bundle.manifest.python)
        case .prefix(let files, let manifest):
            .init(try files.application(), python: manifest.python, isInstalled: true)
        case .none: nil
        }
    }
}
