import ArgumentParser
import Bundle
import Console
import Install

/// What somebody named to be verified or repaired: an environment of its own, or a root.
enum InstalledPlace {
    case prefix(String)
    /// - release: one alone.
    case root(String, release: String?)

    /// - Parameter path: nil for the root that keeps this program.
    init(_ path: String?, release: String?) throws {
        guard let path = path.map(TargetOptions.absolute) ?? OwnRoot.path else {
            throw ValidationError("name the directory of the environment, or the root")
        }
        if let found = ReleaseRoot.holding(path) {
            if let release, release != found.version {
                throw ValidationError(
                    "'\(path)' is the release \(found.version), and --release names another")
            }
            self = .root(found.root, release: found.version)
        } else if (try? ReleaseRoot.open(path)) != nil {
            self = .root(path, release: release)
        } else {
            guard release == nil else { throw ValidationError("--release goes with a root") }
            self = .prefix(path)
        }
    }

    /// Opens a bundle that must be signed by those who are named, or by those whom the place remembers.
    func open(_ bundle: String, _ trust: TrustOptions, _ output: OutputOptions) throws -> BundleReader {
        let remembered: RememberedTrust? =
            switch self {
            case .prefix(let path): try RememberedTrust.of(path)
            case .root(let path, _): try RememberedTrust.ofRoot(path)
            }
        trust.warnOfOwnStub(output, remembered: remembered != nil)
        return try trust.open(bundle, remembered: remembered?.policy()).reader
    }
}
